public import AgentRuntime

/// The runs and their logs.
public struct RunStore: Sendable {
    let database: any Database
    let clock: WallClock
    private let identifiers: IdentifierGenerator

    public init(database: any Database, clock: WallClock = .system, identifiers: IdentifierGenerator = IdentifierGenerator()) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Stores a message and the run that answers it, claimed by `instance`, in one commit; makes the conversation if it is new.
    public func accept(_ request: RunRequest, by instance: Instance) async throws -> RunAcceptance {
        let id = identifiers.next()
        let newConversation = identifiers.next()
        let first = RunRecord(id: 1, event: .start(request.start))
        let event = try StoredEvent(first)
        let decision = try await database.write { [clock] transaction in
            let now = clock.now
            if let refusal = try transaction.refusal(of: request) { return refusal }
            let run = try transaction.insertRun(id, for: request, newConversation: newConversation, by: instance, at: now)
            try transaction.insert(event, run: id, at: now)
            return .accepted(run)
        }
        switch decision {
        case .accepted(let run):
            let log = DatabaseRunLog(claim: RunClaim(run, lastEventID: first.id), prefix: [first], database: database, clock: clock)
            return .accepted(run, log)
        case .refused(let acceptance): return acceptance
        }
    }

    public func run(_ id: String, owner: String) async throws -> Run? {
        try await database.read {
            try $0.one("SELECT \(Run.columns) FROM runs WHERE id = \(id) AND owner = \(owner)").map { try Run($0) }
        }
    }

    /// In the order of their messages.
    public func runs(of conversation: String, owner: String) async throws -> [Run] {
        try await database.read { transaction in
            try transaction.all(
                "SELECT \(Run.columns) FROM runs WHERE conversation_id = \(conversation) AND owner = \(owner) ORDER BY position"
            ).map { try Run($0) }
        }
    }

    /// The run that a new message would have to wait for.
    public func active(of conversation: String, owner: String) async throws -> Run? {
        try await database.read { transaction in
            try transaction.one(
                "SELECT \(Run.columns) FROM runs WHERE conversation_id = \(conversation) AND owner = \(owner) AND \(Run.isActive)"
            ).map { try Run($0) }
        }
    }

    /// The stored events of a run behind `after`, in order; none for a run of somebody else's.
    /// - Parameter limit: Taken as 1 below 1, and as 1,000 above 1,000.
    public func events(of run: String, owner: String, after: Int64 = 0, limit: Int = 1_000) async throws -> [RunRecord] {
        try await database.read { transaction in
            try transaction.all(
                """
                SELECT run_events.id, run_events.payload FROM run_events JOIN runs ON runs.id = run_events.run_id
                WHERE run_events.run_id = \(run) AND runs.owner = \(owner) AND run_events.id > \(after)
                ORDER BY run_events.id LIMIT \(min(max(limit, 1), 1_000))
                """
            ).map { try RunRecord($0) }
        }
    }

    /// As `events`, and whether more may follow them: both as of one moment. An error that the run has got over is none of them.
    func news(of run: String, owner: String, after: Int64) async throws -> (records: [RunRecord], isActive: Bool) {
        try await database.read { transaction in
            let found = try transaction.one("SELECT \(Run.columns) FROM runs WHERE id = \(run) AND owner = \(owner)").map { try Run($0) }
            guard let found else { return ([], false) }
            guard found.lastEventID > after else { return ([], found.state.isUnderWay) }
            let rows = try transaction.all(
                "SELECT id, payload FROM run_events WHERE run_id = \(run) AND id > \(after) ORDER BY id LIMIT 256"
            )
            let records = try rows.map { try RunRecord($0) }.filter { !$0.event.isTerminal || $0.id == found.lastEventID }
            return (records, found.state.isUnderWay)
        }
    }

    /// Everything that a conversation's runs decided, run by run in order: what its history is computed from.
    /// - Parameter includingText: With what was said in runs that did not complete, which have nothing else of it.
    public func logs(of conversation: String, owner: String, includingText: Bool = false) async throws -> [(run: Run, events: [RunRecord])] {
        let types: SQL = "run_events.type NOT IN ('delta', 'reasoning', 'nested_delta')"
        let condition: SQL = includingText ? "(runs.state <> \(RunState.completed.rawValue) OR \(types))" : types
        return try await database.read { transaction in
            let runs = try transaction.all(
                "SELECT \(Run.columns) FROM runs WHERE conversation_id = \(conversation) AND owner = \(owner) ORDER BY position"
            ).map { try Run($0) }
            let rows = try transaction.all(
                """
                SELECT run_events.run_id, run_events.id, run_events.payload FROM runs JOIN run_events ON run_events.run_id = runs.id
                WHERE runs.conversation_id = \(conversation) AND runs.owner = \(owner) AND \(condition) ORDER BY runs.position, run_events.id
                """
            )
            let events = try Dictionary(grouping: rows) { try $0.text("run_id") }
            return try runs.map { ($0, try events[$0.id, default: []].map { try RunRecord($0) }) }
        }
    }
}
