/// Which calls wait for a person, and what people decided: the part of a run's state that is about approval.
struct Approvals: Sendable {
    /// Whether the latest thing that happened is the question.
    private(set) var isAsked = false
    /// By the place of the call in the latest response.
    private var isWaiting: [Int: Bool] = [:]
    private var questions: Set<Interruption> = []
    /// Calls within calls that have a result.
    private var settled: Set<[ParentCall]> = []
    private var decisions: [Int: ApprovalDecision] = [:]
    private var lasting: [Scope: ApprovalDecision] = [:]
    /// The places of calls that a tool's guardrail wants a person to see, whatever was decided before.
    private(set) var isAskedAgain: Set<Int> = []
    /// The provider's questions that are not answered, by their places behind the calls.
    private(set) var hosted: [Int: HostedRequest] = [:]
    /// Whether the latest response asked something that is answered.
    private(set) var hasAnsweredHosted = false

    fileprivate struct Scope: Hashable {
        var agent: String
        var tool: String
        var version: String
        var origin: ToolOrigin?
    }

    /// How one call stands.
    enum Standing: Sendable, Hashable {
        /// Its tool's rule was not asked yet.
        case unchecked
        case free
        case waiting
        /// With the tool's version that the person agreed to.
        case approved(version: String)
        case rejected(message: String?)
    }

    /// - Parameter mayWait: Whether the tool's rule, or the run's limits, have something to say about the call.
    func standing<Context>(of call: ToolCall, _ tool: AnyTool<Context>?, agent: String, mayWait: Bool) -> Standing {
        if let decision = decisions[call.index] { return Standing(decision) }
        if isAskedAgain.contains(call.index) { return .waiting }
        let lasting = lasting[Scope(agent: agent, tool: call.name, version: tool?.version ?? "", origin: call.origin)]
        switch isWaiting[call.index] {
        case false: return .free
        case true: return lasting.map { Standing($0) } ?? .waiting
        case nil: return mayWait ? lasting.map { Standing($0) } ?? .unchecked : .free
        }
    }

    func isChecked(_ index: Int) -> Bool { isWaiting[index] != nil }

    func lastingDecision(about call: Interruption) -> ApprovalDecision? { lasting[Scope(call)] }

    mutating func apply(_ event: RunEvent, to pending: [ToolCall]) throws(RunError) {
        if event.isDecided { isAsked = false }
        switch event {
        case .response(_, let response, _):
            hosted = response.hostedRequests
            hasAnsweredHosted = false
            isAskedAgain = []
            isWaiting = [:]
            questions = []
            settled = []
            decisions = [:]
        case .approvalChecked(let check):
            for index in check.waiting {
                isWaiting[index] = true
                guard check.isAgain == true else { continue }
                isAskedAgain.insert(index)
                decisions[index] = nil
            }
            for index in check.cleared { isWaiting[index] = false }
        case .approvalRequested(let calls):
            questions.formUnion(calls)
            isAsked = true
        case .approvalDecided(let decision): try decide(decision, pending)
        case .nested:
            let (path, event) = event.origin
            if case .toolResult(let result) = event {
                settled.insert(path + [ParentCall(turn: result.turn, index: result.index, callID: result.callID)])
            }
        default: break
        }
    }

    /// A decision holds only for exactly what the person was asked.
    private mutating func decide(_ decision: ApprovalDecision, _ pending: [ToolCall]) throws(RunError) {
        if HostedRequest(decision.call) != nil, decision.call.path.isEmpty { return try answer(decision) }
        guard questions.contains(decision.call) else {
            throw .user("The decision about '\(decision.call.callID)' is about another call than the one that waits.")
        }
        let outermost = decision.call.path.first?.index ?? decision.call.index
        guard pending.contains(where: { $0.index == outermost }), !settled.contains(decision.call.place) else {
            throw .user("The call '\(decision.call.callID)' was decided and carried out before.")
        }
        // What is decided of a call within a call is known to the run in there alone.
        guard decision.call.path.isEmpty else {
            if HostedRequest(decision.call) != nil { settled.insert(decision.call.place) }
            return
        }
        decisions[decision.call.index] = decision
        if decision.always { lasting[Scope(decision.call)] = decision }
    }

    /// A provider's question has its answer at once.
    private mutating func answer(_ decision: ApprovalDecision) throws(RunError) {
        guard let request = HostedRequest(decision.call), hosted[decision.call.index] == request else {
            throw .user("The decision about '\(decision.call.callID)' is about another call than the one that waits.")
        }
        guard decision.arguments == nil else { throw .user("The arguments of '\(decision.call.callID)' are the provider's, and cannot be edited.") }
        hosted[decision.call.index] = nil
        hasAnsweredHosted = true
        if decision.always { lasting[Scope(decision.call)] = decision }
    }
}

extension Approvals.Scope {
    fileprivate init(_ call: Interruption) {
        self.init(agent: call.agent, tool: call.name, version: call.toolVersion, origin: call.origin)
    }
}

extension Approvals.Standing {
    fileprivate init(_ decision: ApprovalDecision) {
        self = decision.verdict == .approve ? .approved(version: decision.call.toolVersion) : .rejected(message: decision.message)
    }

    /// Whether the call can be carried out or answered without a person.
    var isSettled: Bool { self != .waiting }

    var isRejected: Bool {
        if case .rejected = self { true } else { false }
    }
}
