/// What a run has come to: the fold of its log, and nothing else.
struct RunState<Context: Sendable>: Sendable {
    private(set) var agent: Agent<Context>
    /// What came before this run.
    let history: [Item]
    private(set) var input: [Item] = []
    private(set) var newItems: [Item] = []
    private(set) var hasStarted = false
    private(set) var verdicts: [GuardrailVerdict] = []
    private(set) var turn = 0
    private(set) var usage = Usage()
    /// The model's latest response, while there is still something to do about it.
    private(set) var response: ModelResponse?
    /// Calls of the latest response that have no result yet.
    private(set) var pendingCalls: [ToolCall] = []
    /// The latest response's calls that have a result.
    private(set) var results: [(call: ToolCall, result: ToolResult)] = []
    private(set) var agentsThatUsedTools: Set<String> = []
    private(set) var callCount = 0
    private(set) var identicalCalls = 0
    private(set) var textBytes = 0
    private(set) var ending: RunEvent?

    private var latestCall: ToolCall?

    init(agent: Agent<Context>, history: [Item]) {
        self.agent = agent
        self.history = history
    }

    /// Everything the model sees.
    var transcript: [Item] { history + input + newItems }

    mutating func apply(_ event: RunEvent) throws(RunError) {
        switch event {
        case .start(let start):
            hasStarted = true
            input = start.input
        case .guardrail(let verdict): verdicts.append(verdict)
        case .delta(let text): textBytes &+= text.utf8.count
        case .reasoning, .restart: break
        case .response(let turn, let response): apply(response, turn: turn)
        case .toolCall(let call): apply(call)
        case .toolResult(let result): try apply(result)
        case .handoff(let handoff): try apply(handoff)
        case .done, .stopped, .error: ending = event
        }
    }

    private mutating func apply(_ response: ModelResponse, turn: Int) {
        self.turn = turn
        self.response = response
        usage = usage + response.usage
        newItems += response.items
        pendingCalls = []
        results = []
    }

    private mutating func apply(_ call: ToolCall) {
        pendingCalls.append(call)
        callCount &+= 1
        identicalCalls = latestCall.map { $0.name == call.name && $0.arguments == call.arguments } == true ? identicalCalls &+ 1 : 1
        latestCall = call
        agentsThatUsedTools.insert(agent.name)
    }

    private mutating func apply(_ result: ToolResult) throws(RunError) {
        let call = try takePending(index: result.index)
        results.append((call, result))
        newItems.append(.output(result.output, of: result.callID))
    }

    private mutating func apply(_ handoff: HandoffRecord) throws(RunError) {
        let call = try takePending(index: handoff.call.index)
        guard let target = agent.handoff(named: call.name) else {
            throw .user("The log hands over to \(handoff.to) by '\(call.name)', which \(agent.name) does not have.")
        }
        newItems.append(.output(#"{"assistant": "\#(handoff.to)"}"#, of: call.callID))
        agent = target.target()
        response = nil
    }

    private mutating func takePending(index: Int) throws(RunError) -> ToolCall {
        guard let place = pendingCalls.firstIndex(where: { $0.index == index }) else {
            throw .user("The log holds a result of a call that it does not hold.")
        }
        return pendingCalls.remove(at: place)
    }
}
