/// What a run came to.
public struct RunResult: Sendable, Hashable {
    /// The text of the final output, as the model wrote it.
    public var output: String
    /// The parsed output of an agent with an output type; nil for free text.
    public var value: JSONValue?
    /// The name of the agent that gave the output.
    public var lastAgent: String
    /// What the run added to the conversation after its input.
    public var newItems: [Item]
    public var usage: Usage
    /// The calls that wait for a person; with any, the run has no output yet and goes on from its log.
    public var interruptions: [Interruption] = []
    /// All that the run's log says: the model's responses and what every guardrail said among it.
    public var report = RunReport()
    /// What the model saw before anything came of the run, and what it would see next: `inputItems` gives them.
    var opening: [Item] = []
    var modelItems: [Item] = []

    /// The output as a type. Throws when the agent gives free text, or something else.
    public func value<Value: OutputValue>(as type: Value.Type) throws -> Value {
        guard let value else { throw RunError.user("The agent \(lastAgent) has no output type.") }
        return try value.decode(as: type)
    }
}

extension RunResult {
    /// Whether there is an output; without one the run was interrupted, or stopped after a turn, and goes on from its log.
    public var isComplete: Bool { report.isComplete }

    /// A run that goes on later.
    init<Context>(unfinished state: RunState<Context>, interruptions: [Interruption] = []) {
        self.init(
            output: "", value: nil, lastAgent: state.agent.name, newItems: state.transcript.newItems, usage: state.usage,
            interruptions: interruptions, report: state.report, opening: state.opening, modelItems: state.items)
    }
}
