public import AgentRuntime
public import Persistence

/// Marks a completed todo as open again.
public struct ReopenTodo: Tool {
    public static let summary = "Marks one completed todo as open again."
    public static let effect: ToolEffect = .writes

    @Argument("The todo's number.")
    var id: Int

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> Todo {
        try await repairable { try await run.value.todos.reopen(id, for: run.call) }
    }
}
