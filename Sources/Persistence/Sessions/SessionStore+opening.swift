/// How sessions begin: each in one commit with what it rests on, so that neither is ever there without the other.
extension SessionStore {
    /// How many live sessions a person may have. Of more, those end that were never refreshed, as programs leave them behind, and were begun first;
    /// then those whose last refresh is longest ago.
    public static let maximumCount = 100

    /// Begins a session for whoever was found to know the password of these credentials.
    /// - Parameter newPasswordHash: Takes the place of the password's, also of one that is good for one sign-in, and ends every session before.
    /// - Returns: Nil when the account has another password by now, or has gone, or is disabled; or when its password is good for one sign-in
    ///   only and no other was given, or it was given too late.
    public func open(_ new: NewSession = NewSession(), with credentials: Credentials, newPasswordHash: String? = nil) async throws -> SignInSession? {
        let id = identifiers.next()
        return try await database.write { [clock, lifetimes] transaction in
            let now = clock.now
            guard try transaction.takePassword(of: credentials, for: newPasswordHash, at: now) else { return nil }
            if newPasswordHash != nil { try transaction.endSessions(of: credentials.user.id, at: now) }
            return try transaction.open(new, id: id, user: credentials.user.id, by: clock, lifetimes)
        }
    }

    /// Makes an account and begins its first session. Throws `StoreError.emailTaken`.
    public func open(
        _ new: NewSession = NewSession(),
        registering email: EmailAddress,
        name: String,
        passwordHash: String
    ) async throws -> (user: User, session: SignInSession) {
        let (user, id) = (User(id: identifiers.next(), email: email.description, name: name), identifiers.next())
        return try await database.write { [clock, lifetimes] transaction in
            guard try transaction.insert(user, passwordHash: passwordHash, at: clock.now) else { throw StoreError.emailTaken }
            return (user, try transaction.open(new, id: id, user: user.id, by: clock, lifetimes))
        }
    }
}

extension Transaction {
    /// Whether the credentials are the account's still. Holds its row, so that what ends its sessions comes before the new one or sees it.
    fileprivate func takePassword(of credentials: Credentials, for newHash: String?, at now: Timestamp) throws -> Bool {
        guard let hash = credentials.passwordHash else { return false }
        let isGood: SQL = newHash == nil ? "one_time_until IS NULL" : "(one_time_until IS NULL OR one_time_until > \(now))"
        return try execute(
            """
            UPDATE users SET password_hash = \(newHash ?? hash), one_time_until = \(nil as Timestamp?)
            WHERE id = \(credentials.user.id) AND password_hash = \(hash) AND disabled_at IS NULL AND \(isGood)
            """
        ) == 1
    }

    /// Begins a family at generation 1, of an account whose row is held.
    fileprivate func open(
        _ new: NewSession, id: String, user: String, by clock: WallClock, _ lifetimes: SessionLifetimes
    ) throws -> SignInSession {
        let now = clock.now
        let expiry = now.adding(lifetimes.absolute)
        if let replaced = new.replacing { try endSessions(where: "id = \(replaced)", at: now) }
        let surplus: SQL = """
            id IN (SELECT id FROM sessions WHERE user_id = \(user) AND \(SignInSession.isLive(at: now))
            ORDER BY counter > 1 DESC, last_used_at DESC, id DESC LIMIT \(Int(Int32.max)) OFFSET \(SessionStore.maximumCount - 1))
            """
        try endSessions(where: surplus, at: now)
        let row = try one(
            """
            INSERT INTO sessions (id, user_id, counter, rotated_at, created_at, last_used_at, expires_at, idle_expires_at, user_agent)
            VALUES (\(id), \(user), 1, \(sharedNow(clock)), \(now), \(now), \(expiry), \(min(expiry, now.adding(lifetimes.idle))), \(new.userAgent))
            RETURNING \(SignInSession.columns)
            """
        )
        guard let row else { throw StoreError.noSuchOwner }
        return try SignInSession(row)
    }
}
