/// An account as an operator sees it.
public struct Account: Sendable, Hashable {
    public let user: User
    public let createdAt: Timestamp
    /// Since when nobody can sign in with it; nil for an account in use.
    public let disabledAt: Timestamp?
    /// Until when its password, good for one sign-in, can be changed for another; nil for a password of the person's own.
    public let oneTimeUntil: Timestamp?
    /// The latest sign-in or renewal of one that is still kept.
    public let lastUsedAt: Timestamp?
}

extension Account {
    static let columns: SQL = """
        \(User.columns), users.created_at, users.disabled_at, users.one_time_until,
        (SELECT MAX(sessions.last_used_at) FROM sessions WHERE sessions.user_id = users.id) AS last_used_at
        """

    init(_ row: Row) throws {
        user = try User(row)
        createdAt = try row.timestamp("created_at")
        disabledAt = try row.optionalTimestamp("disabled_at")
        oneTimeUntil = try row.optionalTimestamp("one_time_until")
        lastUsedAt = try row.optionalTimestamp("last_used_at")
    }
}
