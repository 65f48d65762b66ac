/// Told of what happens to one agent, wherever it works; otherwise like `RunHooks`.
public protocol AgentHooks<Context>: Sendable {
    associatedtype Context: Sendable

    func onStart(_ agent: Agent<Context>, _ run: RunContext<Context>) async throws
    func onEnd(_ agent: Agent<Context>, output: String, _ run: RunContext<Context>) async throws
    func onLLMStart(_ agent: Agent<Context>, _ request: ModelRequest, _ run: RunContext<Context>) async throws
    func onLLMEnd(_ agent: Agent<Context>, _ response: ModelResponse, _ run: RunContext<Context>) async throws
    func onToolStart(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ call: ToolCall, _ run: RunContext<Context>) async throws
    func onToolEnd(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ result: ToolResult, _ run: RunContext<Context>) async throws
    /// The agent gives the conversation away; called on the hooks of `source`.
    func onHandoff(from source: Agent<Context>, to target: Agent<Context>, _ run: RunContext<Context>) async throws
}

extension AgentHooks {
    public func onStart(_ agent: Agent<Context>, _ run: RunContext<Context>) async throws {}
    public func onEnd(_ agent: Agent<Context>, output: String, _ run: RunContext<Context>) async throws {}
    public func onLLMStart(_ agent: Agent<Context>, _ request: ModelRequest, _ run: RunContext<Context>) async throws {}
    public func onLLMEnd(_ agent: Agent<Context>, _ response: ModelResponse, _ run: RunContext<Context>) async throws {}
    public func onToolStart(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ call: ToolCall, _ run: RunContext<Context>) async throws {}
    public func onToolEnd(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ result: ToolResult, _ run: RunContext<Context>) async throws {}
    public func onHandoff(from source: Agent<Context>, to target: Agent<Context>, _ run: RunContext<Context>) async throws {}
}
