public import AgentRuntime

/// One thing to be done.
public struct Todo: Sendable, Hashable, Identifiable, Codable {
    /// Counts the owner's todos from 1; never used again.
    public let id: Int
    public let title: String
    public let notes: String?
    public let due: Day?
    public let completed: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    private enum CodingKeys: String, CodingKey {
        case id, title, notes, due, completed
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    /// Every key is written; absent notes and days are null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(title, forKey: .title)
        try container.encode(notes, forKey: .notes)
        try container.encode(due, forKey: .due)
        try container.encode(completed, forKey: .completed)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
    }
}

extension Todo {
    static let columns: SQL = "number, title, notes, due, completed, created_at, updated_at"

    init(_ row: Row) throws {
        id = try row.int("number")
        title = try row.text("title")
        notes = try row.optionalText("notes")
        due = try row.optionalDay("due")
        completed = try row.bool("completed")
        createdAt = try row.timestamp("created_at")
        updatedAt = try row.timestamp("updated_at")
    }
}
