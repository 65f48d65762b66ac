import AgentRuntime

/// What a transaction decided about a message.
enum RunDecision: Sendable {
    case accepted(Run)
    case refused(RunAcceptance)
}

extension Transaction {
    /// Why the message cannot have a run of its own; nil when it can.
    func refusal(of request: RunRequest) throws -> RunDecision? {
        try holdAccount(request.owner)
        if let earlier = try earlier(request) { return .refused(earlier) }
        if let conversation = request.conversation {
            let row = try one("SELECT id FROM conversations WHERE id = \(conversation) AND owner = \(request.owner)")
            guard row != nil else { return .refused(.conversationNotFound) }
            if let run = try one("SELECT id FROM runs WHERE conversation_id = \(conversation) AND \(Run.isActive)") {
                return .refused(.busy(run: try run.text("id")))
            }
            if let replaced = request.replacing, let refusal = try refusal(toReplace: replaced, in: conversation) { return .refused(refusal) }
        }
        return try runsUnderWay(of: request.owner) < request.activeLimit ? nil : .refused(.tooManyActive)
    }

    private func refusal(toReplace run: String, in conversation: String) throws -> RunAcceptance? {
        let row = try one("SELECT superseded_by FROM runs WHERE id = \(run) AND conversation_id = \(conversation)")
        guard let row else { return .replacedNotFound }
        return try row.optionalText("superseded_by") == nil ? nil : .superseded
    }

    /// A run that waits for a person holds no place.
    func runsUnderWay(of owner: String) throws -> Int {
        let row = try one("SELECT COUNT(*) AS count FROM runs WHERE owner = \(owner) AND \(Run.isUnderWay)")
        return try row?.int("count") ?? 0
    }

    /// Adds the run, in the state of one that is claimed, and the conversation if it is new.
    func insertRun(_ id: String, for request: RunRequest, newConversation: String, by instance: Instance, at now: Timestamp) throws -> Run {
        let conversation = request.conversation ?? newConversation
        if request.conversation == nil {
            _ = try insertConversation(conversation, owner: request.owner, title: request.title, at: now)
        }
        let counter = try one(
            """
            UPDATE conversations SET next_run = next_run + 1, updated_at = \(now) WHERE id = \(conversation) AND owner = \(request.owner)
            RETURNING next_run - 1 AS position
            """
        )
        guard let position = try counter?.int("position") else { throw ConversationError.notFound }
        let row = try one(
            """
            INSERT INTO runs (id, conversation_id, owner, position, state, instance, epoch, agent, idempotency_key, request_hash, last_event_id,
            created_at, updated_at) VALUES (\(id), \(conversation), \(request.owner), \(position), \(RunState.running.rawValue), \(instance.id),
            \(instance.epoch), \(request.start.agent), \(request.idempotency?.key), \(request.idempotency?.requestHash), 1, \(now), \(now))
            RETURNING \(Run.columns)
            """
        )
        guard let row else { throw StoreError.failed("a new run was not returned") }
        if let replaced = request.replacing { try supersede(replaced, by: id, in: conversation) }
        return try Run(row)
    }

    /// The run gives way, and with it all that came after it.
    private func supersede(_ run: String, by new: String, in conversation: String) throws {
        try execute(
            """
            UPDATE runs SET superseded_by = \(new) WHERE conversation_id = \(conversation) AND superseded_by IS NULL AND id <> \(new)
            AND position >= (SELECT replaced.position FROM runs AS replaced WHERE replaced.id = \(run))
            """
        )
    }

    private func earlier(_ request: RunRequest) throws -> RunAcceptance? {
        guard let idempotency = request.idempotency else { return nil }
        let row = try one(
            "SELECT \(Run.columns), request_hash FROM runs WHERE owner = \(request.owner) AND idempotency_key = \(idempotency.key)"
        )
        guard let row else { return nil }
        return try row.optionalText("request_hash") == idempotency.requestHash ? .existing(try Run(row)) : .keyMismatch
    }
}
