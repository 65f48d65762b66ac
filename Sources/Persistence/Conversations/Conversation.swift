/// One thread of runs.
public struct Conversation: Sendable, Hashable, Identifiable {
    public let id: String
    public let title: String
    public let createdAt: Timestamp
    /// When a message or an answer last came.
    public let updatedAt: Timestamp
}

extension Conversation {
    static let columns: SQL = "id, title, created_at, updated_at"

    init(_ row: Row) throws {
        id = try row.text("id")
        title = try row.text("title")
        createdAt = try row.timestamp("created_at")
        updatedAt = try row.timestamp("updated_at")
    }
}
