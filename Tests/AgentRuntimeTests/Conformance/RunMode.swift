import AgentRuntime
import AgentTesting
import Synchronization

/// One of the two ways in which a scenario runs, streamed or not, with everything that it leaves.
///
/// A scenario makes its runs with `run` and goes on with them by `resume`. Runs of one mode share nothing but what the scenario shares.
final class RunMode: Sendable {
    let isStreamed: Bool
    /// For runs that keep a conversation: `session: mode.session`.
    let session = InMemorySession()
    /// For what happens outside the runner, in order.
    let trace = Trace()
    private let left = Mutex(Left())

    private struct Left {
        var requests: [ModelRequest] = []
        var models: [ScriptedModel] = []
        var logs: [InMemoryRunLog] = []
        var shown: [RunRecord] = []
        var endings: [RunEnding] = []
    }

    init(isStreamed: Bool) {
        self.isStreamed = isStreamed
    }

    /// A model that plays a script, for an agent with a model of its own. What it is asked counts among the mode's requests.
    func model(_ steps: [ScriptedModel.Step], name: String = "scripted") -> any Model {
        let model = ScriptedModel(steps, name: name, pieceLength: 2)
        left.withLock { $0.models.append(model) }
        return ObservedModel(model: model) { request in self.left.withLock { $0.requests.append(request) } }
    }

    /// One run with a log of its own, in which the model plays a script.
    @discardableResult func run<Context>(
        _ agent: Agent<Context>,
        _ input: String = "Hi",
        items: [Item]? = nil,
        context: Context,
        model steps: [ScriptedModel.Step] = [],
        config: RunConfig<Context> = RunConfig(),
        limits: RunLimits = RunLimits(),
        history: [Item] = [],
        session: (any Session)? = nil,
        log: InMemoryRunLog = InMemoryRunLog(),
        decisions: [ApprovalDecision] = [],
        adjusting adjust: (inout Runner) -> Void = { _ in }
    ) async throws -> RunResult {
        var runner = Runner(model: model(steps), limits: limits, isStreamed: isStreamed)
        adjust(&runner)
        left.withLock { left in if !left.logs.contains(where: { $0 === log }) { left.logs.append(log) } }
        do {
            let result = try await runner.run(
                agent, input: items ?? [.user(input)], context: context, config: config, history: history, session: session, log: log,
                decisions: decisions
            ) { record in self.left.withLock { $0.shown.append(record) } }
            left.withLock { $0.endings.append(.result(result)) }
            return result
        } catch {
            left.withLock { $0.endings.append(RunEnding(error)) }
            throw error
        }
    }

    /// One run of an agent without a context.
    @discardableResult func run(
        _ agent: Agent<Void>,
        _ input: String = "Hi",
        items: [Item]? = nil,
        model steps: [ScriptedModel.Step] = [],
        config: RunConfig<Void> = RunConfig(),
        limits: RunLimits = RunLimits(),
        history: [Item] = [],
        session: (any Session)? = nil,
        log: InMemoryRunLog = InMemoryRunLog(),
        decisions: [ApprovalDecision] = [],
        adjusting adjust: (inout Runner) -> Void = { _ in }
    ) async throws -> RunResult {
        try await run(
            agent, input, items: items, context: (), model: steps, config: config, limits: limits, history: history, session: session, log: log,
            decisions: decisions, adjusting: adjust)
    }

    /// Goes on with the latest run from its log.
    @discardableResult func resume(
        _ agent: Agent<Void>,
        model steps: [ScriptedModel.Step] = [],
        config: RunConfig<Void> = RunConfig(),
        limits: RunLimits = RunLimits(),
        history: [Item] = [],
        session: (any Session)? = nil,
        decisions: [ApprovalDecision] = []
    ) async throws -> RunResult {
        let log = left.withLock { $0.logs.last } ?? InMemoryRunLog()
        return try await run(
            agent, items: [], model: steps, config: config, limits: limits, history: history, session: session, log: log, decisions: decisions)
    }

    /// What the scenario has left so far.
    var outcome: ScenarioOutcome {
        get async {
            let session = await session.items()
            return left.withLock { left in
                ScenarioOutcome(
                    endings: left.endings, requests: left.requests, log: left.logs.flatMap { $0.records.map(\.event) },
                    shown: left.shown.map(\.event), session: session, notes: trace.notes,
                    remainingSteps: left.models.reduce(0) { $0 + $1.remainingSteps })
            }
        }
    }
}

/// A model that tells what it is asked, at the moment when the asking begins.
private struct ObservedModel: Model {
    let model: ScriptedModel
    let onRequest: @Sendable (ModelRequest) -> Void

    var name: String { model.name }

    func respond(to request: ModelRequest) -> ModelEvents {
        onRequest(request)
        return model.respond(to: request)
    }
}
