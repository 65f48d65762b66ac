import AgentRuntime
import Persistence

/// A todo that somebody asks to have added.
struct NewTodo: Sendable {
    let title: String
    let notes: String?
    let due: Day?
    let completed: Bool
}

/// Which todos somebody asks for.
struct TodoQuery: Sendable {
    let status: TodoStatus
    let text: String?
    let limit: Int
    let after: Int?
}

extension RequestFields {
    mutating func newTodo() -> NewTodo? {
        let title = title()
        let notes = optionalText("notes", TodoRules.notesLength)
        let due = due()
        let completed = optionalBool("completed") ?? false
        return title.map { NewTodo(title: $0, notes: notes, due: due, completed: completed) }
    }

    /// An absent field is left as it is; null clears notes and day, and is refused for the others.
    mutating func todoChanges() -> TodoChanges? {
        var changes = TodoChanges()
        if contains("title") { changes.title = title() }
        if isNull("notes") {
            changes.notes = .cleared
        } else if let notes = optionalText("notes", TodoRules.notesLength) {
            changes.notes = .set(notes)
        }
        if isNull("due") {
            changes.due = .cleared
        } else if let due = due() {
            changes.due = .set(due)
        }
        if isNull("completed") { refuse("completed", "must be true or false, not null") }
        changes.completed = optionalBool("completed")
        return changes
    }

    private mutating func title() -> String? {
        guard let title = text("title", TodoRules.titleLength) else { return nil }
        guard title.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            refuse("title", "must not be blank")
            return nil
        }
        return title
    }

    private mutating func due() -> Day? {
        optional("due", as: Day.self, expected: "a day, written YYYY-MM-DD")
    }
}

extension QueryFields {
    mutating func todoQuery() -> TodoQuery {
        TodoQuery(
            status: choice("status", of: TodoStatus.self) ?? .all,
            text: text("q", TodoRules.queryLength),
            limit: limit(default: 100),
            after: cursor()
        )
    }
}
