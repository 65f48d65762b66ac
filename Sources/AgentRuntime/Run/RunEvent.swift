/// One thing that happened in a run: said (`delta`, `reasoning`), or done and decided (all others).
///
/// A run is the list of its events. What is decided is stored before anyone sees it; what is said is provisional until the response
/// that it belongs to is stored.
public enum RunEvent: Sendable, Hashable {
    case start(RunStart)
    case guardrail(GuardrailVerdict)
    case delta(String)
    case reasoning(String)
    /// A whole response of the model; its calls follow as events of their own.
    ///
    /// In a conversation that the provider keeps, `sent` holds the places in the run of what the request sent.
    case response(turn: Int, ModelResponse, sent: [Int]? = nil)
    case toolCall(ToolCall)
    /// A call that reaches outside is about to be made: from here on it may have had its effect.
    case toolStarted(ToolStart)
    case toolResult(ToolResult)
    /// A tool's guardrail ended the run.
    case toolGuardrail(ToolGuardrailTrip)
    /// The agent has said what it makes of the results of its tools.
    case toolUse(ToolUseDecision)
    case handoff(HandoffRecord)
    /// The tools' rules have said which calls must wait for a person.
    case approvalChecked(ApprovalCheck)
    /// The run waits until somebody decides about these calls.
    case approvalRequested([Interruption])
    case approvalDecided(ApprovalDecision)
    /// Somebody said more while the run waited; the model sees it with the next turn.
    case inputAdded([Item])
    /// Older turns gave way in what the model sees.
    case compaction(CompactionRecord)
    /// An error handler gave an output in place of an error.
    case recovered(HandledOutput)
    /// What happened in a run within a call, such as that of an agent as a tool. It is no part of this run's conversation.
    indirect case nested(ParentCall, RunEvent)
    /// What was said since the last decided event is void, and so is an error that had ended the run: the turn starts again.
    case restart(turn: Int, attempt: Int)
    case done(RunOutput)
    case stopped
    case error(RunFailure)

    /// Whether the event was decided, and so must be durable before it is shown.
    public var isDecided: Bool {
        switch self {
        case .delta, .reasoning: false
        case .nested(_, let event): event.isDecided
        default: true
        }
    }

    /// Whether nothing can follow.
    public var isTerminal: Bool {
        switch self {
        case .done, .stopped, .error: true
        default: false
        }
    }
}

/// An event at its place in the log.
public struct RunRecord: Sendable, Hashable, Codable {
    /// Rises within a run; not without gaps.
    public var id: Int64
    public var event: RunEvent

    public init(id: Int64, event: RunEvent) {
        self.id = id
        self.event = event
    }
}

/// What a run began with.
public struct RunStart: Sendable, Hashable, Codable {
    /// The name of the first agent.
    public var agent: String
    /// What is new in this run: the person's message.
    public var input: [Item]
    /// Facts of the moment, such as the day, that resuming and replaying must see again.
    public var facts: [String: String]
    /// How many items the session held before; nil without a session.
    public var sessionItems: Int?
    /// What the model sees in place of what came before and the input; nil for both, one after the other.
    public var modelInput: [Item]?
    /// The trace that the run belongs to; nil when it was not traced.
    public var trace: Trace?
    /// What the guardrails said of the call within which the run is; nil for none.
    public internal(set) var callGuardrails: [ToolGuardrailResult]?
    /// Of what follows in the log; nil for 1. A log of a newer format than `currentFormat` is refused.
    public private(set) var format: Int?

    public static let currentFormat = 1

    public init(agent: String, input: [Item], facts: [String: String] = [:], sessionItems: Int? = nil, modelInput: [Item]? = nil, trace: Trace? = nil)
    {
        self.agent = agent
        self.input = input
        self.facts = facts
        self.sessionItems = sessionItems
        self.modelInput = modelInput
        self.trace = trace
    }

    private enum CodingKeys: String, CodingKey {
        case agent, input, facts, trace, format
        case sessionItems = "session_items"
        case modelInput = "model_input"
        case callGuardrails = "call_guardrails"
    }
}

/// What a guardrail said.
public struct GuardrailVerdict: Sendable, Hashable, Codable {
    public var guardrail: String
    public var isInput: Bool
    public var isTripped: Bool
    /// Why, for operators.
    public var reason: String?
    /// The turn whose text was looked at; nil for input, and for output in logs that do not say.
    public var turn: Int?
    /// What else the guardrail found out, for programs that read the run.
    public var info: JSONValue?
    /// What stands in the conversation in place of the outputs of tools that were to end the run.
    public var replacement: String?

    public init(
        guardrail: String,
        isInput: Bool,
        isTripped: Bool,
        reason: String? = nil,
        turn: Int? = nil,
        info: JSONValue? = nil,
        replacement: String? = nil
    ) {
        self.guardrail = guardrail
        self.isInput = isInput
        self.isTripped = isTripped
        self.reason = reason
        self.turn = turn
        self.info = info
        self.replacement = replacement
    }
}

/// That one agent gave the conversation to another.
public struct HandoffRecord: Sendable, Hashable, Codable {
    public var from: String
    public var to: String
    /// The call that asked for it.
    public var call: ToolCall
    /// What the other agent sees of everything up to here; nil for everything.
    public var modelInput: [Item]?

    public init(from: String, to: String, call: ToolCall, modelInput: [Item]? = nil) {
        self.from = from
        self.to = to
        self.call = call
        self.modelInput = modelInput
    }

    private enum CodingKeys: String, CodingKey {
        case from, to, call
        case modelInput = "model_input"
    }
}

/// How a run ended well.
public struct RunOutput: Sendable, Hashable, Codable {
    /// The text of the last turn.
    public var output: String
    /// The parsed output of an agent with an output type.
    public var value: JSONValue?
    public var usage: Usage

    public init(output: String, value: JSONValue? = nil, usage: Usage) {
        self.output = output
        self.value = value
        self.usage = usage
    }
}
