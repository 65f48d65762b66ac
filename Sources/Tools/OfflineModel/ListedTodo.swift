import AgentRuntime

/// A todo as a tool's output tells it.
struct ListedTodo: Sendable, Hashable {
    let id: Int
    let title: String
    let notes: String?
    let due: Day?
    let completed: Bool

    /// Nil unless the JSON is a todo.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.integer, let title = json["title"]?.string else { return nil }
        self.id = id
        self.title = title
        notes = json["notes"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        due = json["due"]?.string.flatMap(Day.init)
        completed = json["completed"]?.bool ?? false
    }
}
