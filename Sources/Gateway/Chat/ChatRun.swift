import AgentRuntime
import Logging
import Persistence
import Tools

/// One run as this process carries it out, from its accepted message to its end.
struct ChatRun: Sendable {
    let live: LiveRun
    let log: DatabaseRunLog
    let agent: Agent<UserContext>
    let context: UserContext
    let runner: Runner
    let config: RunConfig<UserContext>
    let runs: RunStore
    let logger: Logger
    /// What the owner may use in a day.
    let ledger: (any BudgetLedger)?
    var metrics = Metrics()
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    /// Ends with a terminal event in the log, unless the run was taken over or the database is gone.
    func perform() async {
        let start = now()
        await carryOut()
        count(since: start)
    }

    private func carryOut() async {
        do {
            try Failpoint.reach(.claimed)
            let history = try await history()
            let result = try await log.flushing(on: runner.clock) {
                try await runner.run(agent, input: [], context: context, config: conversationConfig, history: history, log: log) { try show($0) }
            }
            // It waits for a person, and needs nobody meanwhile.
            if !result.interruptions.isEmpty, try await !isToStop() { return }
        } catch let error as RunError {
            logger.warning("a run failed", metadata: ["run": "\(live.id)", "error": "\(ErrorKind(of: error))"])
        } catch is CancellationError {
            logger.info("a run was ended", metadata: ["run": "\(live.id)"])
        } catch {
            logger.error("a run could not be carried out", metadata: ["run": "\(live.id)", "error": "\(ErrorKind(of: error))"])
        }
        await end()
    }

    /// What the conversation's earlier runs came to.
    private func history() async throws -> [Item] {
        try await runs.logs(of: live.conversation, owner: live.owner, includingText: true)
            .filter { $0.run.id != live.id && $0.run.supersededBy == nil }
            .reduce(into: ConversationHistory()) { $0.add($1.events.map(\.event)) }.items
    }

    /// The runs of a conversation begin alike, so they share what the provider has cached, and their traces are one group.
    private var conversationConfig: RunConfig<UserContext> {
        var config = config
        config.promptCacheGroup = live.conversation
        config.groupID = live.conversation
        config.ledger = ledger
        return config
    }

    private func show(_ record: RunRecord) throws {
        if record.event.isTerminal { try Failpoint.reach(.ended) }
        publish(record)
        switch record.event {
        case .delta: try Failpoint.reach(.said)
        case .toolCall: try Failpoint.reach(.called)
        case .toolResult: try Failpoint.reach(live.hasOpenCalls ? .answered : .allAnswered)
        default: break
        }
    }

    private func end() async {
        guard !live.hasEnded else { return }
        let ending: RunEvent
        switch live.cancellation.reason {
        case .moved: return logger.info("a run goes on elsewhere", metadata: ["run": "\(live.id)"])
        case .stopped: ending = .stopped
        case .timeLimit: ending = .error(RunFailure(.limitReached, "The answer took longer than it may."))
        case .shutdown: ending = .error(.interrupted)
        case nil: ending = .error(Task.isCancelled ? .interrupted : RunFailure(.internal, "Something went wrong on the server.", retry: true))
        }
        do {
            if case .stopped = ending { try Failpoint.reach(.stopping) }
            publish(try await log.end(with: ending))
        } catch StoreError.claimLost {
            await endWaiting()
        } catch {
            logger.error("a run's end could not be stored", metadata: ["run": "\(live.id)", "error": "\(error)"])
        }
    }

    /// Whether the person wants the run to end, as this process was told or as it is stored.
    private func isToStop() async throws -> Bool {
        if live.cancellation.reason == .stopped { return true }
        return try await runs.run(live.id, owner: live.owner)?.isStopRequested ?? false
    }

    /// A run that waits by now can be stopped all the same.
    private func endWaiting() async {
        do {
            if try await isToStop(), let record = try await runs.stopWaiting(live.id, owner: live.owner) { return publish(record) }
            logger.info("a run is no longer this process's", metadata: ["run": "\(live.id)"])
        } catch {
            logger.error("a run's end could not be stored", metadata: ["run": "\(live.id)", "error": "\(error)"])
        }
    }
}
