/// Where a run that does not end by itself is ended.
public struct RunLimits: Sendable, Hashable {
    /// Model calls; nil for no limit.
    public var turns: Int?
    public var toolCalls: Int?
    /// Calls of the same tool with the same arguments, one after the other.
    public var identicalCalls: Int?
    /// Calls that take something away for good; a person is asked about each further one.
    public var destructiveCalls: Int?
    /// Bytes of text over the whole run.
    public var text: Int?
    /// Bytes of one tool's output that the model gets; what is longer is cut and marked.
    public var toolOutput: Int
    /// Calls of `.external` tools that may be under way together.
    public var parallelCalls: Int
    /// Tokens and money.
    public var budget: Budget?

    public init(
        turns: Int? = 10,
        toolCalls: Int? = 32,
        identicalCalls: Int? = 3,
        destructiveCalls: Int? = 5,
        text: Int? = 65_536,
        toolOutput: Int = 8_192,
        parallelCalls: Int = 8,
        budget: Budget? = nil
    ) {
        self.turns = turns
        self.toolCalls = toolCalls
        self.identicalCalls = identicalCalls
        self.destructiveCalls = destructiveCalls
        self.text = text
        self.toolOutput = toolOutput
        self.parallelCalls = parallelCalls
        self.budget = budget
    }

    /// The limits of a run that starts with the agent.
    func of<Context>(_ agent: Agent<Context>) -> RunLimits {
        var limits = self
        limits.turns = agent.maxTurns ?? turns
        limits.budget = agent.budget ?? budget
        return limits
    }
}
