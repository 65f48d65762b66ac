/// What one run does differently from what its agents say.
public struct RunConfig<Context: Sendable>: Sendable {
    /// Answers instead of every agent's model.
    public var model: (any Model)?
    /// Laid over every agent's settings.
    public var settings: ModelSettings
    /// Beside those of the first agent.
    public var inputGuardrails: [InputGuardrail<Context>]
    /// Beside those of the last agent.
    public var outputGuardrails: [OutputGuardrail<Context>]

    public init(
        model: (any Model)? = nil,
        settings: ModelSettings = ModelSettings(),
        inputGuardrails: [InputGuardrail<Context>] = [],
        outputGuardrails: [OutputGuardrail<Context>] = []
    ) {
        self.model = model
        self.settings = settings
        self.inputGuardrails = inputGuardrails
        self.outputGuardrails = outputGuardrails
    }

    /// The agent as this run sees it.
    func configured(_ agent: Agent<Context>) -> Agent<Context> {
        var agent = agent
        agent.model = model ?? agent.model
        agent.settings = agent.settings.overlaid(by: settings)
        agent.inputGuardrails += inputGuardrails
        agent.outputGuardrails += outputGuardrails
        return agent
    }
}
