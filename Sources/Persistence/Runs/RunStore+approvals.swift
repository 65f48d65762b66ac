public import AgentRuntime

/// Runs that wait for a person.
extension RunStore {
    /// Stores what a person decided about a call. The run goes on once everything that it asked is decided; until then it asks again for the
    /// rest, under a new id.
    ///
    /// Of decisions that come together each is stored exactly once: one finds the log as it was read, the others read it again.
    /// - Parameters:
    ///   - instance: Who goes on with the run.
    ///   - activeLimit: How many runs of the owner may be under way, this one included.
    ///   - check: Throws what is wrong with the choice, now that it is known what the call is.
    public func decide(
        _ choice: ApprovalChoice,
        on run: String,
        owner: String,
        by instance: Instance,
        activeLimit: Int,
        check: (Interruption) throws -> Void
    ) async throws -> ApprovalOutcome {
        while true {
            guard let (found, records) = try await whole(run, owner: owner) else { return .runNotFound }
            let open = RunReport(of: records).interruptions
            guard found.state == .awaitingApproval, let call = open.first(where: { $0.qualifiedID == choice.callID }) else {
                return records.outcome(of: choice, in: found)
            }
            try check(call)
            let decision = choice.decision(about: call)
            let rest = open.filter { $0 != call && !decision.holds(for: $0) }
            let events = [RunEvent.approvalDecided(decision)] + (rest.isEmpty ? [] : [.approvalRequested(rest)])
            if let outcome = try await store(events, behind: records, of: found, by: instance, activeLimit: activeLimit) { return outcome }
        }
    }

    /// Ends a run that waits for a person; nil when it does not wait. Cancelling the caller changes nothing: whoever stops a run may be its own
    /// task, which was cancelled as the first part of that.
    public func stopWaiting(_ run: String, owner: String) async throws -> RunRecord? {
        let write = database.enqueue { [clock] transaction -> RunRecord? in
            let condition: SQL = "id = \(run) AND owner = \(owner) AND state = \(RunState.awaitingApproval.rawValue)"
            guard try transaction.one("SELECT id FROM runs WHERE \(condition)") != nil else { return nil }
            // The conversation before its run, which is the order in which a deletion locks them.
            try transaction.touchConversation(of: run, at: clock.now)
            let row = try transaction.one(
                """
                UPDATE runs SET state = \(RunState.stopped.rawValue), last_event_id = last_event_id + 1, updated_at = \(clock.now)
                WHERE \(condition) RETURNING \(Run.columns)
                """
            )
            guard let stopped = try row.map({ try Run($0) }) else { return nil }
            let record = RunRecord(id: stopped.lastEventID, event: .stopped)
            try transaction.insert(StoredEvent(record), run: run, at: clock.now)
            return record
        }
        let record = try await write.value
        if record != nil { database.hints.announce(run) }
        return record
    }

    private func whole(_ run: String, owner: String) async throws -> (Run, [RunRecord])? {
        try await database.read { transaction in
            let found = try transaction.one("SELECT \(Run.columns) FROM runs WHERE id = \(run) AND owner = \(owner)").map { try Run($0) }
            guard let found else { return nil }
            return (found, try transaction.all("SELECT id, payload FROM run_events WHERE run_id = \(run) ORDER BY id").map { try RunRecord($0) })
        }
    }

    /// Nil when the run has moved since it was read.
    private func store(
        _ events: [RunEvent],
        behind records: [RunRecord],
        of run: Run,
        by instance: Instance,
        activeLimit: Int
    ) async throws -> ApprovalOutcome? {
        var ordinal = RunEventID.ordinal(of: run.lastEventID, in: run.attempt) ?? 0
        let new = try events.map { event in
            ordinal += 1
            guard let id = RunEventID.make(attempt: run.attempt, ordinal: ordinal, reserve: 1) else {
                throw StoreError.failed("the run \(run.id) has too many events")
            }
            return RunRecord(id: id, event: event)
        }
        let goesOn = new.last?.event.endState == nil
        let decision = try await database.write { [clock] transaction -> ApprovalStorage in
            try transaction.holdAccount(run.owner)
            if goesOn, try transaction.runsUnderWay(of: run.owner) >= activeLimit { return .refused }
            return try transaction.append(new, toWaiting: run, by: instance, goesOn: goesOn, at: clock.now)
        }
        switch decision {
        case .refused: return .tooManyActive
        case .moved: return nil
        case .stored(let run, let timeUsed):
            database.hints.announce(run.id)
            guard goesOn else { return .waiting(run) }
            let claim = RunClaim(run, lastEventID: run.lastEventID)
            let log = DatabaseRunLog(claim: claim, prefix: records + new, timeUsed: timeUsed, database: database, clock: clock)
            return .resumed(run, log)
        }
    }
}

/// What a transaction made of decisions.
private enum ApprovalStorage: Sendable {
    case stored(Run, timeUsed: Duration)
    case moved
    case refused
}

extension Transaction {
    fileprivate func append(
        _ records: [RunRecord],
        toWaiting run: Run,
        by instance: Instance,
        goesOn: Bool,
        at now: Timestamp
    ) throws -> ApprovalStorage {
        try touchConversation(of: run.id, at: now)
        let state: RunState = goesOn ? .running : .awaitingApproval
        let row = try one(
            """
            UPDATE runs SET state = \(state.rawValue), instance = \(instance.id), epoch = \(instance.epoch),
            last_event_id = \(records.last?.id ?? run.lastEventID), updated_at = \(now)
            WHERE id = \(run.id) AND state = \(RunState.awaitingApproval.rawValue) AND last_event_id = \(run.lastEventID)
            RETURNING \(Run.columns)
            """
        )
        guard let row else { return .moved }
        let timeUsed = try timeUsed(by: run)
        for record in records { try insert(StoredEvent(record), run: run.id, at: now) }
        return .stored(try Run(row), timeUsed: timeUsed)
    }
}

extension [RunRecord] {
    /// What becomes of a choice about a call that does not wait.
    fileprivate func outcome(of choice: ApprovalChoice, in run: Run) -> ApprovalOutcome {
        let latest = lazy.reversed().compactMap { record -> ApprovalDecision? in
            if case .approvalDecided(let decision) = record.event, decision.call.qualifiedID == choice.callID { decision } else { nil }
        }.first
        if let latest { return latest == choice.decision(about: latest.call) ? .repeated(run) : .decidedOtherwise }
        return run.state == .awaitingApproval ? .unknownCall : .notWaiting(run.state)
    }
}

extension ApprovalDecision {
    /// Whether the other call needs no decision of its own, since this one lasts.
    fileprivate func holds(for other: Interruption) -> Bool {
        always && call.agent == other.agent && call.name == other.name && call.toolVersion == other.toolVersion && call.origin == other.origin
            && call.path == other.path
    }
}
