/// What happened so far in the runs within the latest response's calls, by the call.
struct NestedRuns: Sendable, Hashable {
    private var runs: [Int: NestedRun] = [:]

    private struct NestedRun: Hashable {
        /// What was decided.
        var events: [RunEvent] = []
        /// What was said since.
        var said: [RunEvent] = []
        var usage = Usage()
        /// What it waits for, when that is the latest thing that happened in it.
        var questions: [Interruption] = []
    }

    /// What the runs have used of which no result of a call tells yet.
    var usage: Usage { runs.values.reduce(Usage()) { $0 + $1.usage } }

    /// What was decided in the run within a call, and what was said there since, in order.
    func events(within index: Int) -> [RunEvent] { runs[index].map { $0.events + $0.said } ?? [] }

    /// Nil when no model was asked within the call.
    func usage(within index: Int) -> Usage? {
        runs[index].flatMap { $0.usage == Usage() ? nil : $0.usage }
    }

    func hasBegun(within index: Int) -> Bool { runs[index] != nil }

    /// What the call's guardrails said before the run within it began; nil when it did not.
    func guardrails(of index: Int) -> [ToolGuardrailResult]? {
        guard let run = runs[index] else { return nil }
        guard case .start(let start)? = run.events.first else { return [] }
        return start.callGuardrails ?? []
    }

    /// The calls within `call` that wait for a person, when it can do nothing else.
    func questions(within call: ToolCall) -> [Interruption] {
        (runs[call.index]?.questions ?? []).map { $0.within(ParentCall(call)) }
    }

    mutating func apply(_ event: RunEvent) {
        switch event {
        case .response, .handoff: runs = [:]
        case .nested(let parent, let inner): add(inner, within: parent.index)
        case .approvalDecided(let decision):
            if let (parent, inner) = decision.inner { add(.approvalDecided(inner), within: parent.index) }
        case .toolResult(let result): runs[result.index] = nil
        default: break
        }
    }

    private mutating func add(_ event: RunEvent, within index: Int) {
        var run = runs[index] ?? NestedRun()
        runs[index] = nil
        defer { runs[index] = run }
        guard event.isDecided else { return run.said.append(event) }
        run.said = []
        run.events.append(event)
        if let usage = event.origin.event.usage { run.usage = run.usage + usage }
        run.questions = if case .approvalRequested(let calls) = event { calls } else { [] }
    }
}

extension RunEvent {
    /// What the model used for it.
    fileprivate var usage: Usage? {
        switch self {
        case .response(_, let response, _): response.usage
        case .compaction(let record): record.usage
        default: nil
        }
    }
}

extension RunState {
    /// A call that waits for a person within waits itself.
    func standing(of call: ToolCall, within limits: RunLimits) -> Approvals.Standing {
        guard nested.questions(within: call).isEmpty else { return .waiting }
        let tool = agent.tool(named: call.name)
        let mayWait = exceedsDestructiveCalls(call, within: limits) || !(tool?.needsApproval.isNever ?? true)
        return approvals.standing(of: call, tool, agent: agent.name, mayWait: mayWait)
    }

    /// Whether the run has taken away so much already that a person is to look.
    func exceedsDestructiveCalls(_ call: ToolCall, within limits: RunLimits) -> Bool {
        guard let limit = limits.destructiveCalls, let ordinal = destructiveOrdinals[call.index] else { return false }
        return ordinal > limit
    }

    /// What a person is asked about a call that waits: the calls within it, or the call itself.
    func questions(about call: ToolCall) -> [Interruption] {
        let within = nested.questions(within: call)
        return within.isEmpty ? [Interruption(call, agent: agent.name, toolVersion: agent.tool(named: call.name)?.version ?? "")] : within
    }
}

extension ApprovalDecision {
    /// The outermost call within which the decided call is, and the decision as the run in there sees it; nil for a call of the run itself.
    var inner: (parent: ParentCall, decision: ApprovalDecision)? {
        guard let parent = call.path.first else { return nil }
        var inner = self
        inner.call.path.removeFirst()
        return (parent, inner)
    }
}
