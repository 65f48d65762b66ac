public import AgentRuntime

extension Agent {
    /// An agent with a name and what the test is about.
    public static func stub(
        _ name: String = "Assistant",
        instructions: Instructions<Context> = "Help.",
        tools: [AnyTool<Context>] = [],
        handoffs: [Handoff<Context>] = []
    ) -> Agent {
        Agent(name: name, instructions: instructions, tools: tools, handoffs: handoffs)
    }
}

extension AnyTool {
    /// A tool that takes any JSON object and answers with what `body` gives.
    public static func stub(
        _ name: String,
        effect: ToolEffect = .reads,
        timeout: Duration? = nil,
        body: @escaping @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> String = { _, _ in "done" }
    ) -> AnyTool {
        AnyTool(
            definition: ToolDefinition(name: name, description: "Does \(name).", parameters: ["type": "object"], isStrict: false),
            policy: ToolPolicy(effect: effect, timeout: timeout),
            call: body
        )
    }
}
