/// What a run has come to, read from its log: also when it failed, was stopped, or goes on later.
///
/// The runner throws an error without it: whoever wants to know how far the run came keeps its log and reads it, `RunReport(of: log.records)`.
public struct RunReport: Sendable, Hashable {
    public private(set) var transcript = Transcript()
    /// The model's whole responses, in order.
    public private(set) var responses: [ModelResponse] = []
    /// The name of the agent that had the conversation last.
    public private(set) var lastAgent = ""
    /// What happens within the latest response's calls.
    private(set) var nested = NestedRuns()
    private var usageOfTurns = Usage()
    /// The calls that wait for a person.
    public private(set) var interruptions: [Interruption] = []
    private(set) var verdicts: [GuardrailVerdict] = []
    private var toolGuardrails: [ToolGuardrailResult] = []

    public init() {}

    public init(of events: some Sequence<RunEvent>) {
        for event in events { apply(event) }
    }

    public init(of records: some Sequence<RunRecord>) {
        self.init(of: records.lazy.map(\.event))
    }

    public mutating func apply(_ event: RunEvent) {
        switch event {
        case .start(let start): lastAgent = start.agent
        case .guardrail(let verdict): verdicts.append(verdict)
        case .response(_, let response, _):
            responses.append(response)
            usageOfTurns = usageOfTurns + response.usage
        case .toolResult(let result):
            if let used = result.usage { usageOfTurns = usageOfTurns + used }
            toolGuardrails += result.guardrails ?? []
            interruptions.removeAll { $0.place.first?.turn == result.turn && $0.place.first?.index == result.index }
        case .toolGuardrail(let trip): toolGuardrails += trip.guardrails
        case .handoff(let handoff): lastAgent = handoff.to
        case .approvalRequested(let calls): interruptions = calls
        case .approvalDecided(let decision): interruptions.removeAll { $0 == decision.call }
        case .compaction(let record): if let used = record.usage { usageOfTurns = usageOfTurns + used }
        case .toolCall, .toolStarted, .toolUse, .approvalChecked, .delta, .reasoning, .recovered, .restart, .done, .stopped, .error, .nested,
            .inputAdded:
            break
        }
        nested.apply(event)
        transcript.apply(event)
    }
}

extension RunReport {
    /// With what runs within calls have used.
    public var usage: Usage { usageOfTurns + nested.usage }
    public var input: [Item] { transcript.input }
    /// What the run added to the conversation after its input.
    public var newItems: [Item] { transcript.newItems }
    /// Whether the run has ended, well or not.
    public var isComplete: Bool { transcript.ending != nil }

    /// How the run failed; nil when it did not.
    public var failure: RunFailure? {
        if case .error(let failure) = transcript.ending { failure } else { nil }
    }

    /// In the order in which the guardrails came to their verdicts.
    public var inputGuardrailResults: [GuardrailVerdict] { verdicts.filter(\.isInput) }
    public var outputGuardrailResults: [GuardrailVerdict] { verdicts.filter { !$0.isInput } }
    /// In call order.
    public var toolInputGuardrailResults: [ToolGuardrailResult] { toolGuardrails.filter(\.isInput) }
    public var toolOutputGuardrailResults: [ToolGuardrailResult] { toolGuardrails.filter { !$0.isInput } }
}
