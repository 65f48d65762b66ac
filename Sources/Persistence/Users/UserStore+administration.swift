/// What operators do with accounts. What ends a person's access ends their sessions and runs in the same commit.
extension UserStore {
    /// The accounts in the order of their addresses.
    /// - Parameter after: The address behind which the list begins.
    /// - Parameter limit: Taken as 1 below 1, and as 1,000 above 1,000.
    public func accounts(after: String = "", limit: Int = 500) async throws -> [Account] {
        try await database.read { transaction in
            try transaction.all(
                "SELECT \(Account.columns) FROM users WHERE email > \(after) ORDER BY email LIMIT \(min(max(limit, 1), 1_000))"
            ).map { try Account($0) }
        }
    }

    /// The account with this address or this id.
    public func account(_ name: String) async throws -> Account? {
        let email = EmailAddress(name)?.description ?? name
        return try await database.read {
            try $0.one("SELECT \(Account.columns) FROM users WHERE email = \(email) OR id = \(name)").map { try Account($0) }
        }
    }

    /// Gives the account a password that is good for one sign-in, which has to change it, and revokes its API tokens: who lost the password may
    /// have made some. Throws `StoreError.noSuchOwner`.
    public func setOneTimePasswordHash(_ hash: String, of user: String, until moment: Timestamp) async throws {
        try await endingAccess(of: user, "password_hash = \(hash), one_time_until = \(moment)") { try $0.revokeTokens(of: user) }
    }

    /// Keeps the account and everything in it, and lets nobody in. Throws `StoreError.noSuchOwner`.
    public func disable(_ user: String) async throws {
        try await endingAccess(of: user, "disabled_at = COALESCE(disabled_at, \(clock.now))")
    }

    /// Throws `StoreError.noSuchOwner`.
    public func enable(_ user: String) async throws {
        try await update(user, "disabled_at = \(nil as Timestamp?)")
    }

    /// Those of `users` that are there and not disabled.
    public func active(among users: [String]) async throws -> Set<String> {
        guard !users.isEmpty else { return [] }
        return try await database.read { transaction in
            let rows = try transaction.all("SELECT id FROM users WHERE id IN (\(SQL.list(users))) AND disabled_at IS NULL")
            return Set(try rows.map { try $0.text("id") })
        }
    }

    private func endingAccess(
        of user: String,
        _ assignment: SQL,
        _ more: @Sendable @escaping (Transaction) throws -> Void = { _ in }
    ) async throws {
        try await database.write { [clock] transaction in
            let now = clock.now
            guard try transaction.execute("UPDATE users SET \(assignment) WHERE id = \(user)") == 1 else { throw StoreError.noSuchOwner }
            try transaction.endSessions(of: user, at: now)
            try transaction.stopRuns(of: user, at: now)
            try more(transaction)
        }
    }
}
