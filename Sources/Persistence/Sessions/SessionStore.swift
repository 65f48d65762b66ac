/// The sign-ins. Tokens are not here: they are derived from a session's id and counter.
public struct SessionStore: Sendable {
    let database: any Database
    let clock: WallClock
    let identifiers: IdentifierGenerator
    let lifetimes: SessionLifetimes

    public init(
        database: any Database,
        clock: WallClock = .system,
        identifiers: IdentifierGenerator = IdentifierGenerator(),
        lifetimes: SessionLifetimes = SessionLifetimes()
    ) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
        self.lifetimes = lifetimes
    }

    /// Takes generation `counter` of a family and gives the next: one atomic write, however many present it at once.
    public func rotate(_ id: String, counter: Int) async throws -> SessionRotation {
        try await database.write { [clock, lifetimes] transaction in
            let now = clock.now
            // Replicas whose clocks differ agree on how long ago the rotation was.
            let sharedNow = try transaction.sharedMoment(clock)
            if let session = try transaction.rotate(id, counter: counter, at: now, sharedNow, lifetimes) { return .rotated(session) }
            // Holds the row until the end of the transaction, so that a revocation comes before this answer or after it.
            let row = try transaction.one(
                """
                UPDATE sessions SET counter = counter WHERE id = \(id) AND EXISTS
                (SELECT 1 FROM users WHERE users.id = sessions.user_id AND users.disabled_at IS NULL) RETURNING \(SignInSession.columns)
                """
            )
            guard let session = try row.map({ try SignInSession($0) }), session.revokedAt == nil else { return .ended }
            guard session.isLive(at: now) else {
                // So that no clock that is set back makes it good again.
                try transaction.endSessions(where: "id = \(id)", at: now)
                return .ended
            }
            guard counter < session.counter else { return .ended }
            if counter == session.counter - 1, session.isInGrace(at: sharedNow, lifetimes) { return .grace(session) }
            try transaction.endSessions(where: "id = \(id)", at: now)
            return .reused(session)
        }
    }

    /// The session with its account; nil when it is revoked or expired, or the account is disabled or gone.
    public func signedIn(_ id: String) async throws -> (session: SignInSession, user: User)? {
        try await database.read { [clock] transaction in
            let row = try transaction.one(
                """
                SELECT \(SignInSession.columns), \(User.columns) FROM sessions JOIN users ON users.id = sessions.user_id
                WHERE sessions.id = \(id) AND users.disabled_at IS NULL
                """
            )
            guard let row else { return nil }
            let session = try SignInSession(row)
            return session.isLive(at: clock.now) ? (session, try User(row)) : nil
        }
    }

    /// The live sessions of a user, latest use first.
    public func list(user: String) async throws -> [SignInSession] {
        try await database.read { [clock] transaction in
            let rows = try transaction.all(
                """
                SELECT \(SignInSession.columns) FROM sessions WHERE user_id = \(user) AND \(SignInSession.isLive(at: clock.now))
                ORDER BY last_used_at DESC, id DESC LIMIT \(Self.maximumCount)
                """
            )
            return try rows.map { try SignInSession($0) }
        }
    }

    /// Ends one session of a user.
    /// - Returns: Whether it was theirs and not already ended.
    @discardableResult
    public func revoke(_ id: String, user: String) async throws -> Bool {
        try await revoke("id = \(id) AND user_id = \(user)") > 0
    }

    /// Ends all sessions of a user, but for one.
    @discardableResult
    public func revokeAll(user: String, except kept: String? = nil) async throws -> Int {
        try await revoke("user_id = \(user) AND id <> \(kept ?? "")")
    }

    /// Those of `sessions` that are good at this moment, as `signedIn` would find them.
    public func live(among sessions: [String]) async throws -> Set<String> {
        guard !sessions.isEmpty else { return [] }
        return try await database.read { [clock] transaction in
            let rows = try transaction.all(
                """
                SELECT sessions.id FROM sessions JOIN users ON users.id = sessions.user_id WHERE sessions.id IN (\(SQL.list(sessions)))
                AND users.disabled_at IS NULL AND \(SignInSession.isLive(at: clock.now))
                """
            )
            return Set(try rows.map { try $0.text("id") })
        }
    }

    /// Deletes families that ended before `moment`.
    /// - Parameter limit: How many at most.
    /// - Returns: How many.
    @discardableResult
    public func prune(endedBefore moment: Timestamp, limit: Int = .max) async throws -> Int {
        try await database.write { transaction in
            try transaction.execute(
                """
                DELETE FROM sessions WHERE id IN
                (SELECT id FROM sessions WHERE expires_at < \(moment) OR idle_expires_at < \(moment) OR revoked_at < \(moment) LIMIT \(limit))
                """
            )
        }
    }

    private func revoke(_ condition: SQL) async throws -> Int {
        try await database.write { [clock] transaction in
            try transaction.endSessions(where: condition, at: clock.now)
        }
    }
}

extension Transaction {
    /// Ends every session of a user.
    func endSessions(of user: String, at now: Timestamp) throws {
        try endSessions(where: "user_id = \(user)", at: now)
    }

    /// - Returns: How many had not been ended before.
    @discardableResult
    func endSessions(where condition: SQL, at now: Timestamp) throws -> Int {
        try execute("UPDATE sessions SET revoked_at = \(now) WHERE revoked_at IS NULL AND \(condition)")
    }

    fileprivate func rotate(
        _ id: String, counter: Int, at now: Timestamp, _ sharedNow: Timestamp, _ lifetimes: SessionLifetimes
    ) throws -> SignInSession? {
        let idle = now.adding(lifetimes.idle)
        return try one(
            """
            UPDATE sessions SET counter = counter + 1, rotated_at = \(sharedNow), last_used_at = \(now),
            idle_expires_at = CASE WHEN expires_at < \(idle) THEN expires_at ELSE \(idle) END
            WHERE id = \(id) AND counter = \(counter) AND \(SignInSession.isLive(at: now))
            AND EXISTS (SELECT 1 FROM users WHERE users.id = sessions.user_id AND users.disabled_at IS NULL)
            RETURNING \(SignInSession.columns)
            """
        ).map { try SignInSession($0) }
    }
}
