import AgentRuntime

/// One thing the person wants.
enum Intent: Sendable, Hashable {
    case add([NewTodo])
    case list(TodoFilter)
    /// What is known about some todos.
    case show([TodoReference])
    case complete([TodoReference])
    case reopen([TodoReference])
    case delete([TodoReference])
    case rename([TodoReference], to: String)
    case reschedule([TodoReference], Rescheduling)
    case clearDue([TodoReference])
    case note([TodoReference], String)
    case clearNotes([TodoReference])
    /// Break a goal into todos.
    case plan(String)
    /// Take back what was done last.
    case undo
    case talk(SmallTalk)
    /// Understood, but it cannot be; a sentence says why.
    case refused(String)
    /// Not understood; what the person wrote.
    case unclear(String)
}

/// A todo to be added.
struct NewTodo: Sendable, Hashable {
    var title: String
    var due: Day?
    var notes: String?
}

enum Rescheduling: Sendable, Hashable {
    case to(Day)
    /// Counted from the todo's own day, or from today when it has none.
    case by(Span)
    /// They did not say; they are asked.
    case unsaid
}

enum SmallTalk: String, Sendable, Hashable {
    case greeting, thanks, farewell, help, identity, today, agreement, refusal, whatToAdd
}

extension Intent {
    /// The todos it is about; nil when it is about none.
    var references: [TodoReference]? {
        switch self {
        case .show(let todos), .complete(let todos), .reopen(let todos), .delete(let todos), .rename(let todos, _), .reschedule(let todos, _),
            .clearDue(let todos), .note(let todos, _), .clearNotes(let todos):
            todos
        case .add, .list, .plan, .undo, .talk, .refused, .unclear: nil
        }
    }

    /// The same about other todos.
    func about(_ todos: [TodoReference]) -> Intent {
        switch self {
        case .show: .show(todos)
        case .complete: .complete(todos)
        case .reopen: .reopen(todos)
        case .delete: .delete(todos)
        case .rename(_, let title): .rename(todos, to: title)
        case .reschedule(_, let day): .reschedule(todos, day)
        case .clearDue: .clearDue(todos)
        case .note(_, let text): .note(todos, text)
        case .clearNotes: .clearNotes(todos)
        case .add, .list, .plan, .undo, .talk, .refused, .unclear: self
        }
    }
}
