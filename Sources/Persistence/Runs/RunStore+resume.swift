import AgentRuntime

/// Runs that go on after they were cut off.
extension RunStore {
    /// Runs under way whose process is gone, by rising id: its instance has started again, or its lease has run out. The runs of `instance` itself
    /// are none of them, however long its lease has run out: it is there.
    public func abandoned(byOthersThan instance: Instance) async throws -> [Run] {
        let runs = try await database.read { [clock] transaction in
            try transaction.all(
                """
                SELECT \(Run.columns) FROM runs WHERE \(Run.isUnderWay) AND \(Run.isLeft(at: transaction.sharedNow(clock)))
                AND NOT (instance = \(instance.id) AND epoch = \(instance.epoch))
                """
            ).map { try Run($0) }
        }
        // Not by the database: SQLite would take their order from the index of all runs, and read each of them.
        return runs.sorted { $0.id < $1.id }
    }

    /// Makes a run that is abandoned, or the instance's own and not carried out, its own as its next attempt; nil when it has moved or ended
    /// since it was read. Its former writer can write no more.
    public func takeOver(_ run: Run, by instance: Instance) async throws -> DatabaseRunLog? {
        let taken = try await database.write { [clock] transaction in
            let condition: SQL = """
                instance = \(run.instance) AND epoch = \(run.epoch) AND attempt = \(run.attempt) AND \(Run.isUnderWay)
                AND (\(Run.isLeft(at: transaction.sharedNow(clock))) OR (instance = \(instance.id) AND epoch = \(instance.epoch)))
                """
            return try transaction.beginAttempt(run, by: instance, where: condition, at: clock.now)
        }
        return taken.map(log)
    }

    /// Makes the latest run of a conversation run again when it failed for a passing reason, as its next attempt: what it has done stays done.
    /// - Parameter activeLimit: How many runs of the owner may be under way, this one included.
    public func reopen(_ conversation: String, owner: String, by instance: Instance, activeLimit: Int) async throws -> RunReopening {
        let decision = try await database.write { [clock] transaction -> (RunReopening?, TakenRun?) in
            try transaction.holdAccount(owner)
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
        let claim = RunClaim(taken.run, lastEventID: taken.records.last?.id ?? 0)
        return DatabaseRunLog(claim: claim, prefix: taken.records, timeUsed: taken.timeUsed, database: database, clock: clock)
    }
}

extension Run {
    /// Whether nobody is there who carries the run out.
    fileprivate static func isLeft(at now: SQL) -> SQL {
        """
        NOT EXISTS (
            SELECT 1 FROM instances WHERE instances.id = runs.instance AND instances.epoch = runs.epoch AND instances.lease_until >= \(now)
        )
        """
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
    let timeUsed: Duration
}

extension Transaction {
    /// Begins the next attempt of a run, with an event that says so to those who have read what is void; nil when the run is not as the
    /// condition says.
    fileprivate func beginAttempt(_ run: Run, by instance: Instance, where condition: SQL, at now: Timestamp) throws -> TakenRun? {
        let attempt = run.attempt + 1
        guard let id = RunEventID.make(attempt: attempt, ordinal: 1) else { throw StoreError.failed("the run \(run.id) was begun too often") }
        let row = try one(
            """
            UPDATE runs SET instance = \(instance.id), epoch = \(instance.epoch), attempt = \(attempt), state = \(RunState.running.rawValue),
            stop_requested = CASE WHEN \(Run.isActive) THEN stop_requested ELSE 0 END, error_code = \(nil as String?), updated_at = \(now) WHERE id = \(run.id) AND \(condition) RETURNING \(Run.columns)
            """
        )
        guard let row else { return nil }
        let taken = try Run(row)
        var records = try all("SELECT id, payload FROM run_events WHERE run_id = \(run.id) ORDER BY id").map { try RunRecord($0) }
        let timeUsed = try timeUsed(by: run)
        if !records.endWithWholeResponse {
            let claim = RunClaim(taken, lastEventID: taken.lastEventID)
            let restart = RunRecord(id: id, event: .restart(turn: records.turns + 1, attempt: attempt + 1))
            try append([StoredEvent(restart)], to: claim, from: .at(taken.lastEventID), at: now)
            records.append(restart)
        }
        return TakenRun(run: taken, records: records, timeUsed: timeUsed)
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

    /// Whether nothing that was said last is void: it belongs to a response that is stored.
    fileprivate var endWithWholeResponse: Bool {
        let last = last { record in
            switch record.event {
            case .guardrail, .error: false
            default: true
            }
        }
        guard case .response = last?.event else { return false }
        return true
    }
}
