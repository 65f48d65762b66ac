/// A word, a number, a quotation or a punctuation mark of what the person wrote.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case word
        /// A whole number of at most nine digits, also written `#3`.
        case number(Int)
        /// Text between quotation marks; `text` is without them.
        case quoted
        /// One of `, : ; . ! ? -` or a line break.
        case mark
    }

    let kind: Kind
    /// As the person wrote it.
    let text: String
    /// Lower case, with straight apostrophes and without brackets: what the grammar compares.
    let folded: String
    /// Where it stands in the source, in scalars.
    let range: Range<Int>

    var number: Int? {
        if case .number(let value) = kind { value } else { nil }
    }

    var isQuoted: Bool { kind == .quoted }

    func isMark(_ mark: String) -> Bool { kind == .mark && folded == mark }

    /// Whether it is one of these words; quotations and marks never are.
    func isWord(in words: Set<String>) -> Bool { kind == .word && words.contains(folded) }
}
