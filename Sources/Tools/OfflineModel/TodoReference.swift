/// How the person points at a todo.
indirect enum TodoReference: Sendable, Hashable {
    /// `3`, `#3`, `todo 3`.
    case number(Int)
    /// `the third`: the todo of that number, else the one at that place of what was shown last.
    case ordinal(Int)
    case last
    /// `it`, `that`: the one todo the conversation is about.
    case it
    /// `them`, `both`: all of those.
    case them
    /// They named none; they are asked.
    case unsaid
    case words(Wording)
    /// `milk and eggs`, which may be one title or two.
    case either(Wording, or: [TodoReference])
    /// `everything due today`.
    case every(TodoFilter)

    /// Words of a title.
    struct Wording: Sendable, Hashable {
        /// As the person wrote them.
        var written: String
        /// The verb they used, to choose between equals: `bought` points at `buy milk`.
        var verb: String?
        /// `all milk todos`: every match is meant.
        var isPlural = false
    }
}
