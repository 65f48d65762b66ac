/// What one run does differently from what its agents say, and who is told of it.
public struct RunConfig<Context: Sendable>: Sendable {
    /// Answers instead of every agent's model.
    public var model: (any Model)?
    /// Laid over every agent's settings.
    public var settings = ModelSettings()
    /// Names the conversation, or another group of runs that begin alike, to the provider's prompt cache; nil for the run alone.
    public var promptCacheGroup: String?
    /// Beside those of the first agent.
    public var inputGuardrails: [InputGuardrail<Context>] = []
    /// Beside those of the last agent.
    public var outputGuardrails: [OutputGuardrail<Context>] = []
    public var hooks: (any RunHooks<Context>)?
    public var errorHandlers = ErrorHandlers<Context>()
    /// For handoffs without a filter of their own.
    public var handoffInputFilter: HandoffInputFilter<Context>?
    /// Changes what the model is about to see, and nothing that is kept.
    public var modelInputFilter: (@Sendable (_ input: ModelInput, _ agent: Agent<Context>, _ run: RunContext<Context>) async throws -> ModelInput)?
    public var toolNameCollisionPolicy = ToolNameCollisionPolicy.error
    /// What the model reads of a call that came to nothing; nil for the fixed sentence of its kind.
    public var toolErrorText: (@Sendable (_ kind: ToolErrorKind, _ call: ToolCall) -> String?)?
    /// Whether a call of a tool that the agent does not have fails the run with `RunError.modelBehavior`; otherwise the model is told.
    public var failsOnUnknownTool = false
    /// What stands in the conversation for the output of a tool that was to be the final one and tripped an output guardrail; nil for the
    /// fixed sentence.
    public var blockedOutputText: (@Sendable (_ verdict: GuardrailVerdict) -> String)?
    /// By which the run can be asked to stop between two turns.
    public var stop: RunStop?
    /// Beats what a session says for itself.
    public var sessionSettings: SessionSettings?
    /// Merges what a session holds with the new input: the result is what the model sees, and what is new in it is saved. Not called when
    /// the session is empty.
    public var sessionInputCallback: (@Sendable (_ history: [Item], _ newItems: [Item]) async throws -> [Item])?
    /// Whether reasoning keeps its ids in what the model sees again and in what sessions keep.
    public var reasoningItemIDs = ItemIDPolicy.preserve
    /// Whether tools' input guardrails look at a call before a person is asked about it, and not only before it is made.
    public var preApprovalToolInputGuardrails = false
    /// Answers a provider that asks whether it may call a tool of an MCP server that it reaches itself; nil leaves it to a person.
    public var onHostedApproval: (@Sendable (_ call: Interruption, _ run: RunContext<Context>) async throws -> ApprovalDecision?)?
    /// The response that the run goes on from, in a conversation that the provider keeps. Each request then sends only what is new and goes
    /// on from the latest response. Models whose provider keeps none get everything: `Model.keepsConversations`.
    public var previousResponseID: String?
    /// Whether each request goes on from the latest response, from the run's first one on.
    public var autoPreviousResponseID = false
    /// The provider's conversation that the run belongs to; each request sends only what is new.
    public var conversationID: String?
    /// What happens to a conversation that is too long for the model; nil for nothing.
    public var compaction: Compaction?
    /// Whether an agent that is handed the conversation sees it as one message, where no filter says otherwise. Sessions keep everything.
    public var nestsHandoffHistory = false
    /// The form of that message.
    public var handoffHistory = HandoffHistory()
    /// Makes what the agent sees in place of that message, from all that came before.
    public var handoffHistoryMapper: (@Sendable (_ transcript: [Item]) async throws -> [Item])?

    /// What whoever the run is for may use over many runs; nil for no limit.
    public var ledger: (any BudgetLedger)?

    /// Of the call within which the run is.
    var callGuardrails: [ToolGuardrailResult] = []
    /// Of the runs that the run is part of.
    var accounts: [BudgetAccount] = []
    /// Whether this run and all that runs within it leave no trace.
    public var isTracingDisabled = false
    /// Whether spans hold inputs, outputs, arguments and the texts of errors.
    public var traceIncludesSensitiveData = false
    public var includesTaskAndTurnSpans = true
    /// The name of the trace.
    public var workflowName = "Agent workflow"
    /// Nil for a new one, or for that of the log that the run goes on from.
    public var traceID: String?
    /// What joins the traces of one conversation.
    public var groupID: String?
    public var traceMetadata: [String: JSONValue]?

    public init() {}

    /// The agent as this run sees it.
    func configured(_ agent: Agent<Context>) -> Agent<Context> {
        var agent = agent
        agent.model = model ?? agent.model
        agent.inputGuardrails += inputGuardrails
        agent.outputGuardrails += outputGuardrails
        return agent
    }
}

/// Why a call came to nothing.
public enum ToolErrorKind: Sendable, Hashable {
    /// The agent has no tool of the name.
    case notFound
    /// A person did not approve the call and said no reason.
    case rejected
    /// The tool threw an error that says nothing to a model.
    case failed
}
