public import AgentRuntime
public import Persistence

/// Lists todos, or searches among them.
public struct ListTodos: Tool {
    public static let summary = "Lists the signed-in person's todos by number, or those that contain some words."
    public static let effect: ToolEffect = .reads

    @Argument("Which todos: open (the default), completed, or all.")
    var status: TodoStatus?

    @Argument("Words to look for in titles and notes.", .length(1...200))
    var query: String?

    @Argument("How many at most; 50 if left out.", .range(1...100))
    var limit: Int?

    @Argument("Only todos with a greater number: go on after the last one of an earlier list.", .range(0...Int.max))
    var after: Int?

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> TodoList {
        try await run.value.todos.list(status: status ?? .open, query: query, limit: limit ?? 50, after: after)
    }
}

extension TodoStatus: ArgumentValue {}
