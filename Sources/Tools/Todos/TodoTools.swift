public import AgentRuntime

/// The todo list of the signed-in user.
public struct TodoTools: ToolModule {
    public static let id = "todos"
    public static let version = "1.0.0"

    public init() {}

    public var tools: [AnyTool<UserContext>] {
        [
            AnyTool(AddTodo.self), AnyTool(ListTodos.self), AnyTool(UpdateTodo.self), AnyTool(CompleteTodo.self), AnyTool(ReopenTodo.self),
            AnyTool(DeleteTodo.self),
        ]
    }
}
