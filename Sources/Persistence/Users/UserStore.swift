/// The accounts.
public struct UserStore: Sendable {
    /// Not an address, so nobody can register or sign in as this account.
    private static let localEmail = "local"

    let database: any Database
    let clock: WallClock
    private let identifiers: IdentifierGenerator

    public init(database: any Database, clock: WallClock = .system, identifiers: IdentifierGenerator = IdentifierGenerator()) {
        self.database = database
        self.clock = clock
        self.identifiers = identifiers
    }

    /// Throws `StoreError.emailTaken`.
    /// - Parameter passwordHash: Nil for an account that cannot sign in until one is set.
    public func create(email: EmailAddress, name: String, passwordHash: String?) async throws -> User {
        let user = User(id: identifiers.next(), email: email.description, name: name)
        let isNew = try await database.write { [clock] in try $0.insert(user, passwordHash: passwordHash, at: clock.now) }
        guard isNew else { throw StoreError.emailTaken }
        return user
    }

    public func user(id: String) async throws -> User? {
        try await database.read { try $0.one("SELECT \(User.columns) FROM users WHERE id = \(id)").map { try User($0) } }
    }

    public func credentials(email: EmailAddress) async throws -> Credentials? {
        try await database.read { transaction in
            try transaction.one("SELECT \(User.columns), password_hash, disabled_at, one_time_until FROM users WHERE email = \(email)").map { row in
                Credentials(
                    user: try User(row),
                    passwordHash: try row.optionalText("password_hash"),
                    isDisabled: try row.optionalTimestamp("disabled_at") != nil,
                    oneTimeUntil: try row.optionalTimestamp("one_time_until")
                )
            }
        }
    }

    /// The account of the machine's owner, for the command line; made when it is first asked for. It has no password and cannot sign in.
    public func local() async throws -> User {
        let user = User(id: identifiers.next(), email: Self.localEmail, name: "local")
        return try await database.write { [clock] transaction in
            if try transaction.insert(user, passwordHash: nil, at: clock.now) { return user }
            let row = try transaction.one("SELECT \(User.columns) FROM users WHERE email = \(Self.localEmail)")
            guard let row else { throw StoreError.noSuchOwner }
            return try User(row)
        }
    }

    /// Remembers where the person is.
    public func setTimeZone(_ timeZone: String, of user: String) async throws {
        try await update(user, "time_zone = \(timeZone)")
    }

    /// Puts another hash of the same password in place of `old`; false when it is not the account's any more.
    public func replacePasswordHash(_ old: String, with new: String, of user: String) async throws -> Bool {
        try await database.write {
            try $0.execute("UPDATE users SET password_hash = \(new) WHERE id = \(user) AND password_hash = \(old)") == 1
        }
    }

    /// Deletes the account and every row that belongs to it, at once.
    /// - Parameter passwordHash: What its password's has to be; nil where it does not matter.
    /// - Returns: Whether there was one.
    public func delete(_ user: String, ifPasswordHashIs passwordHash: String? = nil) async throws -> Bool {
        try await database.write {
            let condition: SQL = passwordHash.map { "password_hash = \($0)" } ?? "1 = 1"
            let changes = try $0.execute("DELETE FROM users WHERE id = \(user) AND \(condition)")
            guard changes > 0 else { return false }
            try $0.execute("DELETE FROM rate_limits WHERE bucket IN (\(SQL.list(RateLimitBucket.keys(of: user))))")
            try Failpoint.reach(.deleting)
            return true
        }
    }

    func update(_ user: String, _ assignment: SQL) async throws {
        let changes = try await database.write { try $0.execute("UPDATE users SET \(assignment) WHERE id = \(user)") }
        guard changes == 1 else { throw StoreError.noSuchOwner }
    }
}

extension Transaction {
    /// Until the end of the transaction: what is decided for one person is decided one after another. Throws `StoreError.noSuchOwner` when the
    /// account has gone or is disabled.
    func holdAccount(_ user: String) throws {
        guard try execute("UPDATE users SET next_todo = next_todo WHERE id = \(user) AND disabled_at IS NULL") == 1 else {
            throw StoreError.noSuchOwner
        }
    }

    /// False when the address is taken.
    func insert(_ user: User, passwordHash: String?, at now: Timestamp) throws -> Bool {
        try one(
            """
            INSERT INTO users (id, email, name, password_hash, time_zone, created_at)
            VALUES (\(user.id), \(user.email), \(user.name), \(passwordHash), \(user.timeZone), \(now))
            ON CONFLICT (email) DO NOTHING RETURNING id
            """
        ) != nil
    }
}
