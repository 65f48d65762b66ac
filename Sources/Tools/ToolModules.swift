public import AgentRuntime

/// The tool modules of this build; a new module is added here and nowhere else.
public enum ToolModules {
    public static let all: [any ToolModule<UserContext>] = [
        TodoTools()
    ]
}
