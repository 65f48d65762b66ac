/// The API tokens, found by the SHA-256 of their text.
public struct APITokenStore: Sendable {
    /// How many a person may have at a time, without those that have expired.
    public static let maximumCount = 50
    /// From one note of a use to the next.
    public static let useInterval = Duration.seconds(60)

    private let database: any Database
    private let clock: WallClock
    private let identifiers: IdentifierGenerator

    public init(database: any Database, clock: WallClock = .system, identifiers: IdentifierGenerator = IdentifierGenerator()) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Throws `APITokenError.tooMany`, and `StoreError.noSuchOwner` when the account has gone or is disabled, or the session has ended.
    /// - Parameter hash: The SHA-256 of the token's text.
    /// - Parameter session: By which the person asks. What ends it and comes first leaves no token behind.
    public func create(
        _ name: String,
        scopes: Set<APIScope>,
        hash: String,
        lifetime: Duration? = nil,
        user: String,
        session: String
    ) async throws -> APIToken {
        let id = identifiers.next()
        return try await database.write { [clock] transaction in
            let now = clock.now
            try transaction.holdAccount(user)
            guard try transaction.isLive(session, of: user, at: now) else { throw StoreError.noSuchOwner }
            let row = try transaction.one("SELECT COUNT(*) AS count FROM api_tokens WHERE user_id = \(user) AND \(Self.isLive(at: now))")
            guard try row?.int("count") ?? 0 < Self.maximumCount else { throw APITokenError.tooMany(Self.maximumCount) }
            return try transaction.insert(
                APIToken(
                    id: id, user: user, name: name, scopes: scopes, createdAt: now, lastUsedAt: nil, expiresAt: lifetime.map { now.adding($0) }),
                hash: hash)
        }
    }

    /// The token with its account; nil when there is none, or it has expired, or the account is disabled.
    public func find(hash: String) async throws -> (token: APIToken, user: User)? {
        try await database.read { [clock] transaction in
            try transaction.one(
                """
                SELECT \(APIToken.columns), \(User.columns) FROM api_tokens JOIN users ON users.id = api_tokens.user_id
                WHERE api_tokens.hash = \(hash) AND users.disabled_at IS NULL AND \(Self.isLive(at: clock.now))
                """
            ).map { (try APIToken($0), try User($0)) }
        }
    }

    /// The tokens of a user, the latest first; those that have expired for as long as they are kept.
    public func list(user: String) async throws -> [APIToken] {
        try await database.read { transaction in
            try transaction.all(
                "SELECT \(APIToken.columns) FROM api_tokens WHERE user_id = \(user) ORDER BY id DESC LIMIT \(4 * Self.maximumCount)"
            ).map { try APIToken($0) }
        }
    }

    /// Deletes a token of a user.
    /// - Returns: The SHA-256 of its text; nil when there was none.
    public func revoke(_ id: String, user: String) async throws -> String? {
        try await database.write { transaction in
            try transaction.one("DELETE FROM api_tokens WHERE id = \(id) AND user_id = \(user) RETURNING hash")?.text("hash")
        }
    }

    /// Those of `tokens` that are good at this moment, as `find` would find them.
    public func live(among tokens: [String]) async throws -> Set<String> {
        guard !tokens.isEmpty else { return [] }
        return try await database.read { [clock] transaction in
            let rows = try transaction.all(
                """
                SELECT api_tokens.id FROM api_tokens JOIN users ON users.id = api_tokens.user_id WHERE api_tokens.id IN (\(SQL.list(tokens)))
                AND users.disabled_at IS NULL AND \(Self.isLive(at: clock.now))
                """
            )
            return Set(try rows.map { try $0.text("id") })
        }
    }

    /// Notes that tokens are in use, once in `useInterval` for each.
    /// - Returns: For how many it was noted.
    @discardableResult
    public func noteUse(of tokens: [String]) async throws -> Int {
        guard !tokens.isEmpty else { return 0 }
        return try await database.write { [clock] transaction in
            let now = clock.now
            return try transaction.execute(
                """
                UPDATE api_tokens SET last_used_at = \(now) WHERE id IN (\(SQL.list(tokens)))
                AND (last_used_at IS NULL OR last_used_at <= \(now.adding(.zero - Self.useInterval)))
                """
            )
        }
    }

    /// Deletes tokens that expired before `moment`.
    /// - Parameter limit: How many at most.
    /// - Returns: How many.
    @discardableResult
    public func prune(expiredBefore moment: Timestamp, limit: Int = .max) async throws -> Int {
        try await database.write {
            try $0.execute("DELETE FROM api_tokens WHERE id IN (SELECT id FROM api_tokens WHERE expires_at < \(moment) LIMIT \(limit))")
        }
    }

    private static func isLive(at now: Timestamp) -> SQL {
        "(api_tokens.expires_at IS NULL OR api_tokens.expires_at > \(now))"
    }
}

extension Transaction {
    /// Revokes every API token of a user.
    func revokeTokens(of user: String) throws {
        try execute("DELETE FROM api_tokens WHERE user_id = \(user)")
    }

    /// Asked once the account's row is held, since what ends sessions holds it too.
    fileprivate func isLive(_ session: String, of user: String, at now: Timestamp) throws -> Bool {
        try one("SELECT id FROM sessions WHERE id = \(session) AND user_id = \(user) AND \(SignInSession.isLive(at: now))") != nil
    }

    fileprivate func insert(_ token: APIToken, hash: String) throws -> APIToken {
        try execute(
            """
            INSERT INTO api_tokens (id, user_id, name, hash, scopes, created_at, expires_at)
            VALUES (\(token.id), \(token.user), \(token.name), \(hash), \(token.scopes.text), \(token.createdAt), \(token.expiresAt))
            """
        )
        return token
    }
}
