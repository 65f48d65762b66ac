import Persistence

/// A token as its owner sees it, with its text only in the answer that made it.
struct APITokenDocument: Encodable, Sendable {
    let id: String
    let name: String
    let scopes: [String]
    let createdAt: Timestamp
    let lastUsedAt: Timestamp?
    let expiresAt: Timestamp?
    let token: String?

    init(_ token: APIToken, text: String? = nil) {
        id = token.id
        name = token.name
        scopes = token.scopes.names
        createdAt = token.createdAt
        lastUsedAt = token.lastUsedAt
        expiresAt = token.expiresAt
        self.token = text
    }

    private enum CodingKeys: String, CodingKey {
        case id, name, scopes, token
        case createdAt = "created_at"
        case lastUsedAt = "last_used_at"
        case expiresAt = "expires_at"
    }
}
