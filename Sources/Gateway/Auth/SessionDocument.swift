import Persistence

/// A session as its owner sees it.
struct SessionDocument: Encodable, Sendable {
    let id: String
    let createdAt: Timestamp
    let lastUsedAt: Timestamp
    let expiresAt: Timestamp
    let userAgent: String?
    /// Whether it is the one that asks.
    let isCurrent: Bool

    init(_ session: SignInSession, isCurrent: Bool) {
        id = session.id
        createdAt = session.createdAt
        lastUsedAt = session.lastUsedAt
        expiresAt = session.idleExpiresAt
        userAgent = session.userAgent
        self.isCurrent = isCurrent
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case createdAt = "created_at"
        case lastUsedAt = "last_used_at"
        case expiresAt = "expires_at"
        case userAgent = "user_agent"
        case isCurrent = "current"
    }
}
