import Synchronization

/// Lets a tool call run an agent, as a part of the run that the call belongs to.
final class Nesting<Context: Sendable>: Sendable {
    /// What the nested run is given of its own.
    struct Options: Sendable {
        var config: RunConfig<Context>?
        var maxTurns: Int?
        var session: (any Session)?
        var previousResponseID: String?
        var conversationID: String?
    }

    private let run: RunInProgress<Context>
    private let call: ToolCall
    private let hasRun = Mutex(false)
    /// What the call's guardrails said before it began, which goes into the nested run's log.
    private let guardrails = Mutex<[ToolGuardrailResult]>([])

    init(_ run: RunInProgress<Context>, _ call: ToolCall) {
        self.run = run
        self.call = call
    }

    func note(_ verdicts: [ToolGuardrailResult]) {
        guardrails.withLock { $0 = verdicts }
    }

    /// Runs an agent, or goes on with its run where the log ends; `input` is made for a run that begins.
    ///
    /// Throws `NestedInterruption` when the run waits for a person.
    func run(
        _ agent: Agent<Context>,
        _ context: RunContext<Context>,
        _ options: Options,
        input: () async throws -> [Item],
        emit: @escaping @Sendable (RunRecord) async throws -> Void
    ) async throws -> RunResult {
        guard
            hasRun.withLock({ hasRun in
                defer { hasRun = true }; return !hasRun
            })
        else {
            throw RunError.user("A call can hold one run of an agent, and '\(call.name)' began another.")
        }
        let key = context.call?.text ?? run.journal.log.run
        let input = run.state.nested.hasBegun(within: call.index) ? [] : try await input()
        var agent = agent
        agent.maxTurns = options.maxTurns ?? agent.maxTurns
        var config = options.config ?? run.config.inherited
        config.previousResponseID = options.previousResponseID ?? config.previousResponseID
        config.conversationID = options.conversationID ?? config.conversationID
        config.callGuardrails = guardrails.withLock { $0 }
        config.accounts = run.accounts
        config.ledger = run.config.ledger
        let result = try await run.runner.run(
            agent, input: input, context: context.value, config: config, session: options.session,
            log: NestedRunLog(run: key, parent: ParentCall(call), outer: run.journal), emit: emit)
        guard result.interruptions.isEmpty else { throw NestedInterruption() }
        return result
    }
}

/// A call that cannot go on until a person has decided about a call within it; the log holds the question.
struct NestedInterruption: Error {}

extension RunConfig {
    /// What nested runs take over.
    fileprivate var inherited: RunConfig {
        var config = self
        config.hooks = nil
        config.errorHandlers = ErrorHandlers()
        config.stop = nil
        config.previousResponseID = nil
        config.autoPreviousResponseID = false
        config.conversationID = nil
        return config
    }
}
