import AgentRuntime

/// What a person may set in a todo.
struct TodoFields: Sendable, Encodable {
    var title: String
    var notes: String?
    var due: Day?
    var completed: Bool

    /// Throws `TodoError.invalid`.
    func check() throws(TodoError) {
        try TodoRules.check(title: title)
        try TodoRules.check(notes: notes)
    }

    /// What searching looks at.
    var folded: String {
        SearchText.folded([title, notes].compactMap(\.self).joined(separator: "\n"))
    }

    mutating func apply(_ changes: TodoChanges) {
        title = changes.title ?? title
        notes = changes.notes.applied(to: notes)
        due = changes.due.applied(to: due)
        completed = changes.completed ?? completed
    }
}

extension Todo {
    var fields: TodoFields { TodoFields(title: title, notes: notes, due: due, completed: completed) }
}
