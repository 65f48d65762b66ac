public import Logging

/// Runs agents: the loop.
public struct Runner: Sendable {
    /// Answers for agents that bring no model of their own.
    public var model: any Model
    public var limits: RunLimits
    /// By which the cost of model calls is known.
    public var prices: PriceList
    /// Whether models are asked for streams; the loop is the same either way.
    public var isStreamed: Bool
    /// Measures the limits of tool calls.
    public var clock: any Clock<Duration>
    public var logger: Logger
    /// Whether what is logged holds the texts of errors, which may repeat what people said, models answered or tools read.
    public var logIncludesSensitiveData: Bool
    /// Who is told of the spans of runs.
    public var traceProvider: TraceProvider

    public init(
        model: any Model,
        limits: RunLimits = RunLimits(),
        prices: PriceList = PriceList(),
        isStreamed: Bool = true,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "agent.run"),
        logIncludesSensitiveData: Bool = false,
        traceProvider: TraceProvider = TraceProvider()
    ) {
        self.model = model
        self.limits = limits
        self.prices = prices
        self.isStreamed = isStreamed
        self.clock = clock
        self.logger = logger
        self.logIncludesSensitiveData = logIncludesSensitiveData
        self.traceProvider = traceProvider
    }

    /// Runs `agent` until it has a final output:
    ///
    /// 1. What the log already holds is taken as done, and the input is recorded if it is not there yet.
    /// 2. The model is asked, once the input has passed the guardrails.
    /// 3. If it calls tools, they are called, and it is asked again with their outputs.
    /// 4. If it hands over, the other agent goes on with the whole conversation.
    /// 5. Otherwise its text is the final output, once it has passed the output guardrails.
    ///
    /// A call that needs a person's approval stops the run: the result has `interruptions`, the log no end. With `decisions` the run goes
    /// on from its log. What is `adding` to the input of a run that waits is seen by the model with its next turn, once it has passed the input
    /// guardrails.
    ///
    /// Every event is in the log before `emit` sees it. Cancelling leaves the log without an end, so that the run can go on later from there.
    ///
    /// - Throws: `RunError`; `CancellationError`; what `emit` throws.
    public func run<Context>(
        _ agent: Agent<Context>,
        input: [Item],
        context: Context,
        config: RunConfig<Context> = RunConfig(),
        history: [Item] = [],
        facts: [String: String] = [:],
        session: (any Session)? = nil,
        log: any RunLog = InMemoryRunLog(),
        decisions: [ApprovalDecision] = [],
        adding more: [Item] = [],
        emit: @escaping @Sendable (RunRecord) async throws -> Void = { _ in }
    ) async throws -> RunResult {
        let stored = try await log.stored()
        try checkMemory(of: agent, config, hasSession: session != nil)
        let keeper = try await SessionKeeper(session, config, history: history, after: stored)
        let journal = try RunJournal(log: log, stored, agent: agent, config: config, history: keeper.history, emit: emit)
        let limits = limits.of(agent)
        try journal.record(decisions, adding: more, within: limits)
        let trace = RunTrace(of: config, by: traceProvider, run: log.run, after: stored)
        let run = RunInProgress(
            runner: self, context: context, config: config, journal: journal, keeper: keeper, budget: limits.budget, trace: trace)
        do {
            return try await run.traced {
                try await begin(agent.name, input, facts, in: run)
                while true {
                    switch run.nextStep(within: limits) {
                    case .checkInput(let guardrails): try await check(guardrails, in: run)
                    case .compact(let plan): try await compact(plan, in: run)
                    case .ask where config.stop?.isRequested == true: return try await stopped(in: run)
                    case .ask(let guardrails): try await ask(meanwhile: guardrails, in: run)
                    case .call(let calls): try await call(calls, in: run)
                    case .answer(let calls, let text, let status): try answer(calls, with: text, as: status, in: run)
                    case .judge(let calls): try await judge(calls, in: run)
                    case .judgeHosted(let requests): try await judge(requests, in: run)
                    case .answerHosted(let decisions): try journal.record(decisions, within: limits)
                    case .askPerson(let calls): try journal.record(.approvalRequested(calls))
                    case .interrupt(let calls): return try await interrupted(by: calls, in: run)
                    case .decideFinal(let results): try await decideFinal(results, in: run)
                    case .handOff(let handoff, let call): try await handOff(to: handoff, by: call, in: run)
                    case .finish(let output): try await finish(with: output, in: run)
                    case .fail(let error): try await fail(with: error, in: run)
                    case .end(let ending): return try await result(of: ending, within: limits, in: run)
                    }
                }
            }
        } catch {
            throw await failed(with: error, in: run)
        }
    }

    /// Runs `agent` on what a person says.
    public func run<Context>(
        _ agent: Agent<Context>,
        input: String,
        context: Context,
        config: RunConfig<Context> = RunConfig(),
        history: [Item] = [],
        facts: [String: String] = [:],
        session: (any Session)? = nil,
        log: any RunLog = InMemoryRunLog(),
        decisions: [ApprovalDecision] = [],
        adding more: [Item] = [],
        emit: @escaping @Sendable (RunRecord) async throws -> Void = { _ in }
    ) async throws -> RunResult {
        try await run(
            agent, input: [.user(input)], context: context, config: config, history: history, facts: facts, session: session, log: log,
            decisions: decisions, adding: more, emit: emit)
    }
}
