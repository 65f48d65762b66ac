public import AgentRuntime
public import Persistence

/// Deletes a todo.
public struct DeleteTodo: Tool {
    public static let summary = "Deletes one todo for good. Its number is never used again."
    public static let effect: ToolEffect = .writes
    public static let isDestructive = true

    @Argument("The todo's number.")
    var id: Int

    public init() {}

    public func call(in run: RunContext<UserContext>) async throws -> DeletedTodo {
        try await repairable { DeletedTodo(deleted: try await run.value.todos.delete(id, for: run.call)) }
    }
}

/// The todo as it was.
public struct DeletedTodo: Encodable, Sendable {
    public let deleted: Todo
}
