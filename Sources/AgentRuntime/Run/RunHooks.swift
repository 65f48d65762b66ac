/// Told of what happens in a run. The run waits for each call; an error thrown fails it.
///
/// Of one event the run's hooks and the agent's are called together. A run that goes on from its log repeats no hook of what the log holds.
public protocol RunHooks<Context>: Sendable {
    associatedtype Context: Sendable

    /// Before an agent's first turn, and again each time a handoff comes to it.
    func onAgentStart(_ agent: Agent<Context>, _ run: RunContext<Context>) async throws
    /// Before the output guardrails.
    func onAgentEnd(_ agent: Agent<Context>, output: String, _ run: RunContext<Context>) async throws
    func onLLMStart(_ agent: Agent<Context>, _ request: ModelRequest, _ run: RunContext<Context>) async throws
    func onLLMEnd(_ agent: Agent<Context>, _ response: ModelResponse, _ run: RunContext<Context>) async throws
    func onToolStart(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ call: ToolCall, _ run: RunContext<Context>) async throws
    /// With the result that the model gets.
    func onToolEnd(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ result: ToolResult, _ run: RunContext<Context>) async throws
    func onHandoff(from source: Agent<Context>, to target: Agent<Context>, _ run: RunContext<Context>) async throws
}

extension RunHooks {
    public func onAgentStart(_ agent: Agent<Context>, _ run: RunContext<Context>) async throws {}
    public func onAgentEnd(_ agent: Agent<Context>, output: String, _ run: RunContext<Context>) async throws {}
    public func onLLMStart(_ agent: Agent<Context>, _ request: ModelRequest, _ run: RunContext<Context>) async throws {}
    public func onLLMEnd(_ agent: Agent<Context>, _ response: ModelResponse, _ run: RunContext<Context>) async throws {}
    public func onToolStart(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ call: ToolCall, _ run: RunContext<Context>) async throws {}
    public func onToolEnd(_ agent: Agent<Context>, _ tool: AnyTool<Context>, _ result: ToolResult, _ run: RunContext<Context>) async throws {}
    public func onHandoff(from source: Agent<Context>, to target: Agent<Context>, _ run: RunContext<Context>) async throws {}
}
