/// A sign-in on one device: a family of refresh tokens, of which each generation follows the one before.
public struct SignInSession: Sendable, Hashable {
    public let id: String
    public let user: String
    /// The generation of the refresh token that is good now.
    public let counter: Int
    /// By the clock that everybody who shares the database goes by.
    public let rotatedAt: Timestamp
    public let createdAt: Timestamp
    public let lastUsedAt: Timestamp
    /// The end, whatever happens.
    public let expiresAt: Timestamp
    /// The end unless it is used before.
    public let idleExpiresAt: Timestamp
    public let revokedAt: Timestamp?
    public let userAgent: String?

    func isLive(at now: Timestamp) -> Bool {
        revokedAt == nil && now < expiresAt && now < idleExpiresAt
    }

    /// Whether the generation before may still be presented. Not for long either when the clock was set back.
    func isInGrace(at now: Timestamp, _ lifetimes: SessionLifetimes) -> Bool {
        now <= rotatedAt.adding(lifetimes.grace) && now >= rotatedAt.adding(.zero - lifetimes.grace)
    }
}

extension SignInSession {
    /// As the method, of the rows.
    static func isLive(at now: Timestamp) -> SQL {
        "(sessions.revoked_at IS NULL AND sessions.expires_at > \(now) AND sessions.idle_expires_at > \(now))"
    }

    static let columns: SQL = """
        sessions.id AS session_id, sessions.user_id AS session_user, sessions.counter, sessions.rotated_at, sessions.created_at,
        sessions.last_used_at, sessions.expires_at, sessions.idle_expires_at, sessions.revoked_at, sessions.user_agent
        """

    init(_ row: Row) throws {
        id = try row.text("session_id")
        user = try row.text("session_user")
        counter = try row.int("counter")
        rotatedAt = try row.timestamp("rotated_at")
        createdAt = try row.timestamp("created_at")
        lastUsedAt = try row.timestamp("last_used_at")
        expiresAt = try row.timestamp("expires_at")
        idleExpiresAt = try row.timestamp("idle_expires_at")
        revokedAt = try row.optionalTimestamp("revoked_at")
        userAgent = try row.optionalText("user_agent")
    }
}
