import AgentRuntime

/// Which todos the person wants to see, or means by `everything due today`.
struct TodoFilter: Sendable, Hashable {
    enum Status: String, Sendable {
        case open, completed, all
    }

    /// Days from the first to the last, both included; nil is open on that side.
    struct DueRange: Sendable, Hashable {
        var first: Day?
        var last: Day?
        /// As the end of a sentence: `due this week`.
        var label: String

        static let overdue = "overdue"
    }

    var status: Status = .open
    var due: DueRange?
    /// Todos without a day alone.
    var isUndated = false
    /// Words the title or the notes must hold.
    var query: String?

    func admits(_ todo: ListedTodo) -> Bool {
        if status != .all, todo.completed != (status == .completed) { return false }
        if isUndated, todo.due != nil { return false }
        guard let range = due else { return true }
        guard let due = todo.due else { return false }
        return range.first.map { due >= $0 } ?? true && range.last.map { due <= $0 } ?? true
    }
}
