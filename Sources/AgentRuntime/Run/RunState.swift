/// What a run has come to: the fold of its log, and nothing else.
struct RunState<Context: Sendable>: Sendable {
    /// With its tools of the moment.
    private(set) var agent: Agent<Context>
    /// As the program put it together.
    private(set) var declaredAgent: Agent<Context>
    let config: RunConfig<Context>
    /// What came before this run.
    let history: [Item]
    private(set) var report = RunReport()
    /// What the model sees before anything came of this run: what came before, and the input.
    private(set) var opening: [Item] = []
    private(set) var conversation = ServerConversation()
    /// Whether the model is to see less than its latest response followed from.
    private(set) var isCompacted = false
    private(set) var hasStarted = false
    private(set) var approvals = Approvals()
    /// The guardrail of a tool that ended the run.
    private(set) var toolGuardrailTrip: ToolGuardrailTrip?
    /// What the agent made of the latest response's results.
    private(set) var toolUse: ToolUseDecision?
    /// What an error handler gave in place of an error.
    private(set) var recovery: HandledOutput?
    private(set) var turn = 0
    /// Whether something of the turn to come was said before the run was cut off.
    private(set) var hasUnfinishedTurn = false
    /// Of the turn to come.
    private(set) var restarts = 0
    /// The model's latest response, until another agent takes over.
    private(set) var response: ModelResponse?
    /// The latest response's calls that have a result.
    private(set) var results: [FunctionToolResult] = []
    private(set) var agentsThatUsedTools: Set<String> = []
    private(set) var callCount = 0
    /// The latest response's calls that take something away for good, by their places: the how manieth of the run each is.
    private(set) var destructiveOrdinals: [Int: Int] = [:]
    private var destructiveCount = 0
    /// How often the latest call was made in a row.
    private(set) var identicalCalls = 0

    /// What a handoff made of everything before it, and how many of the run's items that stands for.
    private var replaced: (items: [Item], count: Int)?
    private var latestCall: ToolCall?
    private var textBytesOfResponses = 0
    /// The names of those that have looked at what was added last.
    private(set) var guardrailsOfAddedInput: Set<String> = []

    init(agent: Agent<Context>, config: RunConfig<Context>, history: [Item]) {
        declaredAgent = config.configured(agent)
        self.agent = declaredAgent
        self.config = config
        self.history = history
    }

    var nested: NestedRuns { report.nested }
    var transcript: Transcript { report.transcript }
    var verdicts: [GuardrailVerdict] { report.verdicts }
    var usage: Usage { report.usage }

    /// Everything the model sees.
    var items: [Item] {
        guard let replaced else { return opening + ownItems }
        return replaced.items + ownItems.dropFirst(replaced.count)
    }

    /// What the run itself adds to the conversation after its input.
    private var ownItems: [Item] { transcript.newItems + transcript.addedInput }

    /// What came after the latest response.
    var itemsSinceResponse: ArraySlice<Item> {
        transcript.newItems.dropFirst(transcript.itemsBeforeResponse + (response?.items.count ?? 0))
    }

    /// What a filter may change before a handoff.
    func input(of handoff: HandoffRecord) -> HandoffInput {
        let count = replaced?.count ?? 0
        let before = max(count, transcript.itemsBeforeResponse)
        return HandoffInput(
            history: replaced?.items ?? opening,
            earlierItems: Array(transcript.newItems.prefix(before).dropFirst(count)),
            newItems: transcript.newItems.dropFirst(before) + [.output(handoff.output, of: handoff.call.callID)]
        )
    }

    /// Text over the whole run, that of the answer under way included.
    var textBytes: Int { textBytesOfResponses &+ report.transcript.partialText.utf8.count }

    /// Calls of the latest response that the log does not hold: it was cut off behind the response.
    var unrecordedCalls: [(index: Int, call: Item.FunctionCall)] {
        let calls = response?.functionCalls.enumerated().map { (index: $0, call: $1) } ?? []
        return Array(calls.dropFirst(results.count + transcript.pendingCalls.count))
    }

    mutating func apply(_ event: RunEvent) throws(RunError) {
        try approvals.apply(event, to: transcript.pendingCalls)
        switch event {
        case .start(let start):
            guard start.format ?? 1 <= RunStart.currentFormat else { throw .user("The run's log was written by a newer version of this program.") }
            hasStarted = true
            opening = ConversationRepair.repaired(start.modelInput ?? history + start.input)
        case .response(let turn, let response, let sent):
            begin(turn, with: response)
            let place = opening.count + ownItems.count
            conversation.receive(response, sent: sent, places: place..<(place + response.items.count))
        case .toolCall(let call): count(call)
        case .toolResult(let result): results.append(FunctionToolResult(call: try pendingCall(result.index), result: result))
        case .toolGuardrail(let trip): toolGuardrailTrip = trip
        case .toolUse(let decision): toolUse = decision
        case .handoff(let handoff): try handOff(by: pendingCall(handoff.call.index), to: handoff.to)
        case .compaction(let record):
            replaced = (record.applied(to: items), ownItems.count)
            isCompacted = true
        case .recovered(let output): recovery = output
        case .delta, .reasoning: hasUnfinishedTurn = true
        case .restart:
            hasUnfinishedTurn = false
            restarts += 1
        case .inputAdded(let items):
            try checkAdding(items)
            guardrailsOfAddedInput = []
        case .guardrail(let verdict): if verdict.isInput { guardrailsOfAddedInput.insert(verdict.guardrail) }
        case .toolStarted, .approvalChecked, .approvalRequested, .approvalDecided, .done, .stopped, .error, .nested: break
        }
        report.apply(event)
        if case .handoff(let handoff) = event, let items = handoff.modelInput { replaced = (items, transcript.newItems.count) }
    }

    mutating func goOn(with agent: Agent<Context>) {
        self.agent = agent
    }

    private mutating func begin(_ turn: Int, with response: ModelResponse) {
        self.turn = turn
        self.response = response
        isCompacted = false
        hasUnfinishedTurn = false
        restarts = 0
        results = []
        destructiveOrdinals = [:]
        toolUse = nil
        textBytesOfResponses &+= response.text?.utf8.count ?? 0
    }

    private mutating func count(_ call: ToolCall) {
        callCount &+= 1
        if call.isDestructive {
            destructiveCount &+= 1
            destructiveOrdinals[call.index] = destructiveCount
        }
        let isRepeated = latestCall.map { $0.name == call.name && $0.arguments == call.arguments } ?? false
        identicalCalls = isRepeated ? identicalCalls &+ 1 : 1
        latestCall = call
        agentsThatUsedTools.insert(agent.name)
    }

    private mutating func handOff(by call: ToolCall, to name: String) throws(RunError) {
        let sameName = agent.handoffs.filter { $0.toolName == call.name }
        guard let handoff = sameName.last(where: { $0.agentName == name }) ?? sameName.last else {
            throw .user("The log hands over by '\(call.name)', which the agent \(agent.name) does not have.")
        }
        declaredAgent = config.configured(handoff.target())
        agent = declaredAgent
        response = nil
    }

    private func pendingCall(_ index: Int) throws(RunError) -> ToolCall {
        guard let call = transcript.pendingCalls.first(where: { $0.index == index }) else {
            throw .user("The log holds a result of a call that it does not hold.")
        }
        return call
    }
}
