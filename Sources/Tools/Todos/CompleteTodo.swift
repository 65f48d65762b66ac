public import AgentRuntime
public import Persistence

/// Marks a todo as done.
public struct CompleteTodo: Tool {
    public static let summary = "Marks one todo as done."
    public static let effect: ToolEffect = .writes

    @Argument("The todo's number.")
    var id: Int

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> Todo {
        try await repairable { try await run.value.todos.complete(id, for: run.call) }
    }
}
