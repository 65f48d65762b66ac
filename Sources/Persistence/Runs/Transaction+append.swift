import AgentRuntime

extension Transaction {
    /// Where an append must find the log.
    enum LogPosition: Sendable {
        /// Exactly here: what was appended before is stored.
        case at(Int64)
        /// Anywhere: what was lost stays lost.
        case any

        fileprivate func condition(before id: Int64) -> SQL {
            switch self {
            case .at(let position): "last_event_id = \(position)"
            case .any: "last_event_id < \(id)"
            }
        }
    }

    /// Appends to the log of a running run of the claimer; a terminal event ends the run, and a question to a person makes it wait. Throws
    /// `StoreError.claimLost`.
    func append(_ events: [StoredEvent], to claim: RunClaim, from position: LogPosition, ending: RunEvent? = nil, at now: Timestamp) throws {
        guard let first = events.first, let last = events.last else { return }
        // The conversation before its run, which is the order in which a deletion locks them.
        if ending != nil { try touchConversation(of: claim.run, at: now) }
        let state = ending?.endState ?? .running
        let changes = try execute(
            """
            UPDATE runs SET last_event_id = \(last.id), updated_at = \(now), state = \(state.rawValue), error_code = \(ending?.errorCode)
            WHERE \(claim.holds) AND \(position.condition(before: first.id))
            """
        )
        guard changes == 1 || !KeptRule.claim.isKept else { throw StoreError.claimLost(run: claim.run) }
        for event in events { try insert(event, run: claim.run, at: now) }
        if events.contains(where: { $0.type == "response" }) { try Failpoint.reach(.responding) }
        if ending != nil { try Failpoint.reach(.ending) }
    }

    func touchConversation(of run: String, at now: Timestamp) throws {
        try execute("UPDATE conversations SET updated_at = \(now) WHERE id = (SELECT conversation_id FROM runs WHERE id = \(run))")
    }

    func insert(_ event: StoredEvent, run: String, at now: Timestamp) throws {
        try execute(
            """
            INSERT INTO run_events (run_id, id, type, payload, created_at)
            VALUES (\(run), \(event.id), \(event.type), \(event.payload), \(now))
            """
        )
    }
}
