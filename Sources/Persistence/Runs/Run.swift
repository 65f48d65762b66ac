/// One answer in the making, or made.
public struct Run: Sendable, Hashable, Identifiable {
    public let id: String
    public let conversation: String
    public let owner: String
    /// Counts the runs of the conversation from 1.
    public let position: Int
    public let state: RunState
    /// Who writes for it.
    public let instance: String
    public let epoch: Int
    /// Counts the fresh starts after crashes, from 0.
    public let attempt: Int
    public let agent: String
    /// The last event that is stored.
    public let lastEventID: Int64
    /// Whether its owner wants it to end.
    public let isStopRequested: Bool
    /// Why it failed or was interrupted.
    public let errorCode: String?
    /// The run whose message stands in the place of this one's; nil for a run of the conversation as it is now.
    public let supersededBy: String?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
}

extension Run {
    static let columns: SQL = """
        runs.id, runs.conversation_id, runs.owner, runs.position, runs.state, runs.instance, runs.epoch, runs.attempt, runs.agent,
        runs.last_event_id, runs.stop_requested, runs.error_code, runs.superseded_by, runs.created_at, runs.updated_at
        """

    /// As in the index that allows one active run a conversation.
    static let isActive: SQL = "state IN ('queued', 'running', 'awaiting_approval')"

    /// Being carried out, or about to be. With the term of the indexes of active runs, since SQLite uses a partial index only where the query has
    /// its term: https://sqlite.org/partialindex.html
    static let isUnderWay: SQL = "state IN ('queued', 'running') AND \(isActive)"

    init(_ row: Row) throws {
        id = try row.text("id")
        conversation = try row.text("conversation_id")
        owner = try row.text("owner")
        position = try row.int("position")
        guard let state = RunState(rawValue: try row.text("state")) else { throw StoreError.unexpectedValue(column: "state") }
        self.state = state
        instance = try row.text("instance")
        epoch = try row.int("epoch")
        attempt = try row.int("attempt")
        agent = try row.text("agent")
        lastEventID = Int64(try row.int("last_event_id"))
        isStopRequested = try row.bool("stop_requested")
        errorCode = try row.optionalText("error_code")
        supersededBy = try row.optionalText("superseded_by")
        createdAt = try row.timestamp("created_at")
        updatedAt = try row.timestamp("updated_at")
    }
}
