import AgentRuntime

/// Runs that go on after they were cut off.
extension RunStore {
    /// Makes the run the instance's own, as its next attempt; nil when it has moved since it was read. Its former owner can write no more.
    public func takeOver(_ run: Run, by instance: Instance) async throws -> DatabaseRunLog? {
        let condition: SQL = """
            instance = \(run.instance) AND epoch = \(run.epoch) AND attempt = \(run.attempt) AND state IN ('queued', 'running')
            """
        let taken = try await database.write { [clock] in try $0.beginAttempt(run, by: instance, where: condition, at: clock.now) }
        return taken.map(log)
    }

    /// Makes the latest run of a conversation run again when it failed for a passing reason, as its next attempt: what it has done stays done.
    /// - Parameter activeLimit: How many runs of the owner may be under way, this one included.
    public func reopen(_ conversation: String, owner: String, by instance: Instance, activeLimit: Int) async throws -> RunReopening {
        let decision = try await database.write { [clock] transaction -> (RunReopening?, TakenRun?) in
            try transaction.holdRuns(of: owner)
            guard try transaction.one("SELECT id FROM conversations WHERE id = \(conversation) AND owner = \(owner)") != nil else {
                return (.conversationNotFound, nil)
            }
            let row = try transaction.one(
                "SELECT \(Run.columns) FROM runs WHERE conversation_id = \(conversation) AND owner = \(owner) ORDER BY position DESC LIMIT 1")
            guard let run = try row.map({ try Run($0) }) else { return (.nothingToResume, nil) }
            if run.state.isActive { return (.busy(run: run.id), nil) }
            guard run.state == .failed || run.state == .interrupted, try transaction.endingMayPass(of: run) else { return (.nothingToResume, nil) }
            guard try transaction.runsUnderWay(of: owner) < activeLimit else { return (.tooManyActive, nil) }
            return (nil, try transaction.beginAttempt(run, by: instance, where: "attempt = \(run.attempt)", at: clock.now))
        }
        if let refusal = decision.0 { return refusal }
        guard let taken = decision.1 else { return .nothingToResume }
        return .reopened(taken.run, log(of: taken))
    }

    private func log(of taken: TakenRun) -> DatabaseRunLog {
        let run = taken.run
        let claim = RunClaim(run: run.id, instance: run.instance, epoch: run.epoch, lastEventID: run.lastEventID)
        return DatabaseRunLog(claim: claim, attempt: run.attempt, lastOrdinal: 1, prefix: taken.records, database: database, clock: clock)
    }
}

/// What became of the wish to go on with a conversation's latest run.
public enum RunReopening: Sendable {
    /// The run is the caller's to perform on this log.
    case reopened(Run, DatabaseRunLog)
    /// The latest run ended well, was stopped, or failed for good; or there is none.
    case nothingToResume
    /// Not there, or somebody else's: the same answer.
    case conversationNotFound
    case busy(run: String)
    /// The owner has as many runs under way as they may.
    case tooManyActive
}

/// A run at the beginning of an attempt, with its log so far.
private struct TakenRun: Sendable {
    let run: Run
    let records: [RunRecord]
}

extension Transaction {
    /// Begins the next attempt of a run with an event that says so; nil when the run is not as the condition says.
    fileprivate func beginAttempt(_ run: Run, by instance: Instance, where condition: SQL, at now: Timestamp) throws -> TakenRun? {
        let attempt = run.attempt + 1
        guard let id = RunEventID.make(attempt: attempt, ordinal: 1) else { throw StoreError.failed("the run \(run.id) was begun too often") }
        let row = try one(
            """
            UPDATE runs SET instance = \(instance.id), epoch = \(instance.epoch), attempt = \(attempt), state = \(RunState.running.rawValue),
            error_code = \(nil as String?), last_event_id = \(id), updated_at = \(now) WHERE id = \(run.id) AND \(condition)
            RETURNING \(Run.columns)
            """
        )
        guard let row else { return nil }
        let stored = try all("SELECT id, payload FROM run_events WHERE run_id = \(run.id) ORDER BY id").map { try RunRecord($0) }
        let restart = RunRecord(id: id, event: .restart(turn: stored.turns + 1, attempt: attempt + 1))
        try insert(StoredEvent(restart), run: run.id, at: now)
        return TakenRun(run: try Run(row), records: stored + [restart])
    }

    /// Whether the run ended with an error after which it may well succeed.
    fileprivate func endingMayPass(of run: Run) throws -> Bool {
        let row = try one("SELECT id, payload FROM run_events WHERE run_id = \(run.id) AND id = \(run.lastEventID)")
        guard let row, case .error(let failure) = try RunRecord(row).event else { return false }
        return failure.retry
    }
}

extension [RunRecord] {
    /// Whole responses of the model.
    fileprivate var turns: Int {
        reduce(0) { turns, record in if case .response(let turn, _, _) = record.event { turn } else { turns } }
    }
}
