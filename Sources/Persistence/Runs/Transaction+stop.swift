import AgentRuntime

extension Transaction {
    /// Stops every run of a user that is under way or waits, whoever carries it out: that one's next write is refused.
    func stopRuns(of owner: String, at now: Timestamp) throws {
        let rows = try all("SELECT id, conversation_id FROM runs WHERE owner = \(owner) AND \(Run.isActive) ORDER BY id")
        for row in rows {
            // The conversation before its run, which is the order in which a deletion locks them.
            try execute("UPDATE conversations SET updated_at = \(now) WHERE id = \(try row.text("conversation_id"))")
            try stop(try row.text("id"), at: now)
        }
    }

    /// As the first event of an attempt of its own, since what the one before has sent but not stored is not known here.
    private func stop(_ run: String, at now: Timestamp) throws {
        let taken = try one(
            """
            UPDATE runs SET attempt = attempt + 1, state = \(RunState.stopped.rawValue), updated_at = \(now)
            WHERE id = \(run) AND \(Run.isActive) RETURNING attempt
            """
        )
        guard let attempt = try taken?.int("attempt") else { return }
        guard let id = RunEventID.make(attempt: attempt, ordinal: 1) else { throw StoreError.failed("the run \(run) was begun too often") }
        try insert(StoredEvent(RunRecord(id: id, event: .stopped)), run: run, at: now)
        try execute("UPDATE runs SET last_event_id = \(id) WHERE id = \(run)")
    }
}
