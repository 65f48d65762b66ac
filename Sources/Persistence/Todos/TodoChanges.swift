public import AgentRuntime

/// What is to change in a todo.
public struct TodoChanges: Sendable, Hashable, Encodable {
    /// Nil leaves it.
    public var title: String?
    public var notes: FieldChange<String>
    public var due: FieldChange<Day>
    /// Nil leaves it.
    public var completed: Bool?

    public init(title: String? = nil, notes: FieldChange<String> = .unchanged, due: FieldChange<Day> = .unchanged, completed: Bool? = nil) {
        self.title = title
        self.notes = notes
        self.due = due
        self.completed = completed
    }
}

/// A change to a field that may be empty.
public enum FieldChange<Value: Sendable & Hashable & Encodable>: Sendable, Hashable, Encodable {
    case unchanged, cleared
    case set(Value)

    func applied(to value: Value?) -> Value? {
        switch self {
        case .unchanged: value
        case .cleared: nil
        case .set(let new): new
        }
    }
}
