/// A person's leave for one of their programs to act in their name. Its text is not kept.
public struct APIToken: Sendable, Hashable {
    public let id: String
    public let user: String
    /// What the person calls it.
    public let name: String
    public let scopes: Set<APIScope>
    public let createdAt: Timestamp
    /// To the minute.
    public let lastUsedAt: Timestamp?
    /// Nil for one that is good until it is revoked.
    public let expiresAt: Timestamp?

    public func isLive(at now: Timestamp) -> Bool {
        expiresAt.map { now < $0 } ?? true
    }
}

extension APIToken {
    static let columns: SQL = """
        api_tokens.id AS token_id, api_tokens.user_id AS token_user, api_tokens.name AS token_name, api_tokens.scopes,
        api_tokens.created_at AS token_created_at, api_tokens.last_used_at, api_tokens.expires_at
        """

    init(_ row: Row) throws {
        id = try row.text("token_id")
        user = try row.text("token_user")
        name = try row.text("token_name")
        scopes = Set(text: try row.text("scopes"))
        createdAt = try row.timestamp("token_created_at")
        lastUsedAt = try row.optionalTimestamp("last_used_at")
        expiresAt = try row.optionalTimestamp("expires_at")
    }
}
