import Synchronization

/// The spans of one part of a run that stay open from step to step: the task, the agent at work and its turn.
///
/// It looks at what the run does and decides nothing.
final class RunTrace: Sendable {
    let active: ActiveTrace
    let includesSensitiveData: Bool
    private let includesTaskAndTurnSpans: Bool
    private let workflowName: String
    private let standing: Standing
    private let outer: SpanRecording?
    private let spans = Mutex(Spans())

    /// What this part of the run has to do with its trace.
    private enum Standing {
        /// Begins and ends it.
        case owner
        /// Goes on in a trace that an earlier part began.
        case reattached
        /// Is one of several things in it.
        case guest
    }

    private struct Spans {
        var task: SpanRecording?
        var agent: SpanRecording?
        var turn: (number: Int, span: SpanRecording?, usage: Usage)?
        var usage = Usage()
    }

    /// Nil when nobody is to be told, or when the log holds the end of the run.
    init?<Context>(of config: RunConfig<Context>, by provider: TraceProvider, run: String, after stored: [RunRecord]) {
        guard !config.isTracingDisabled, stored.last?.event.isTerminal != true else { return nil }
        includesSensitiveData = config.traceIncludesSensitiveData
        includesTaskAndTurnSpans = config.includesTaskAndTurnSpans
        if let scope = TraceScope.current {
            guard let trace = scope.trace else { return nil }
            active = trace
            standing = .guest
            outer = scope.parent
            workflowName = config.workflowName
            return
        }
        var standing = Standing.owner
        let trace = provider.activeTrace {
            let (trace, isReattached) = config.trace(of: run, after: stored, ids: provider.ids)
            if isReattached { standing = .reattached }
            return trace
        }
        guard let trace else { return nil }
        active = trace
        self.standing = standing
        outer = nil
        workflowName = trace.trace.workflowName
    }

    /// What a span that opens now belongs to.
    var innermost: SpanRecording? {
        spans.withLock { $0.turn?.span ?? $0.agent ?? $0.task } ?? outer
    }

    /// A span within the one that the current task works in.
    func start(_ data: SpanData) -> SpanRecording {
        active.start(data, in: TraceScope.current?.parent ?? innermost)
    }

    func begin(_ usage: Usage) {
        if standing == .owner { active.begin() }
        let task = includesTaskAndTurnSpans ? active.start(.task(name: workflowName), in: outer) : nil
        spans.withLock { spans in
            spans.task = task
            spans.usage = usage
        }
    }

    func end(_ usage: Usage) {
        endAgent(usage)
        let (task, before) = spans.withLock { ($0.task, $0.usage) }
        task?.update { $0 = .task(name: workflowName, usage: usage.since(before)) }
        task?.end()
        if standing == .owner { active.end() }
    }

    /// Opens and closes spans, so that they fit what the run does next.
    func follow<Context>(_ step: NextStep<Context>, _ state: RunState<Context>) {
        switch step {
        case .end: return endTurn(state.usage)
        case .checkInput, .compact, .ask: begin(state.turn &+ 1, of: state.agent, state.usage)
        case .finish: endTurn(state.usage)
        case .fail(let error):
            endTurn(state.usage)
            beginAgent(state.agent)
            fail(error)
        default: begin(state.turn, of: state.agent, state.usage)
        }
        beginAgent(state.agent)
    }

    /// The agent at work gives the conversation away.
    func endAgent(_ usage: Usage) {
        endTurn(usage)
        let agent = spans.withLock { spans in
            defer { spans.agent = nil }
            return spans.agent
        }
        agent?.end()
    }

    /// Marks the agent at work, unless something more exact was said of it.
    func fail(_ error: any Error) {
        guard let agent = spans.withLock({ $0.agent }), !agent.hasFailed else { return }
        if let error = SpanError(endingRun: error, includesSensitiveData) { agent.fail(error) }
    }

    /// Says what the agent at work may really use: what was enabled when its model was asked.
    func offer<Context>(_ request: ModelRequest, to agent: Agent<Context>) {
        let names = request.tools.map(\.name)
        spans.withLock { $0.agent }?.update { data in
            guard case .agent(var activation) = data else { return }
            activation.tools = names.filter { agent.handoff(named: $0) == nil }
            activation.handoffs = agent.handoffs.filter { names.contains($0.toolName) }.map(\.agentName)
            data = .agent(activation)
        }
    }

    private func begin<Context>(_ turn: Int, of agent: Agent<Context>, _ usage: Usage) {
        beginAgent(agent)
        let current = spans.withLock { $0.turn?.number }
        guard current != turn else { return }
        endTurn(usage)
        let parent = innermost
        let span = includesTaskAndTurnSpans ? active.start(.turn(turn, agent: agent.name), in: parent) : nil
        spans.withLock { $0.turn = (turn, span, usage) }
    }

    private func beginAgent<Context>(_ agent: Agent<Context>) {
        guard spans.withLock({ $0.agent == nil }) else { return }
        let span = active.start(.agent(activation(of: agent)), in: innermost)
        spans.withLock { $0.agent = span }
    }

    private func endTurn(_ usage: Usage) {
        let turn = spans.withLock { spans in
            defer { spans.turn = nil }
            return spans.turn
        }
        guard let turn, let span = turn.span else { return }
        span.update { data in
            if case .turn(let number, let agent, _) = data { data = .turn(number, agent: agent, usage: usage.since(turn.usage)) }
        }
        span.end()
    }

    private func activation<Context>(of agent: Agent<Context>) -> SpanData.AgentActivation {
        SpanData.AgentActivation(
            name: agent.name, provider: active.provider.modelProviderName, handoffs: agent.handoffs.map(\.agentName), tools: agent.tools.map(\.name),
            outputType: agent.outputType?.format.name ?? "str")
    }
}
