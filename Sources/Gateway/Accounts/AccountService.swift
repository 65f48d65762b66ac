import Persistence

/// Makes accounts, and lets into them whoever knows the password.
struct AccountService: Sendable {
    private let users: UserStore
    private let sessions: SessionService
    private let hasher: PasswordHasher
    private let policy: PasswordPolicy
    private let clock: WallClock

    init(
        users: UserStore,
        sessions: SessionService,
        hasher: PasswordHasher,
        policy: PasswordPolicy = PasswordPolicy(),
        clock: WallClock = .system
    ) {
        self.users = users
        self.sessions = sessions
        self.hasher = hasher
        self.policy = policy
        self.clock = clock
    }

    /// Makes an account. Throws `StoreError.emailTaken`, and `Problem` for fields that cannot be taken.
    func register(_ registration: Registration, isWanted: @escaping @Sendable () -> Bool) async throws -> User {
        let password = try accepted(registration.password, at: "password", context: [registration.email.description, registration.name])
        let hash = try await hasher.hash(password, isWanted: isWanted)
        return try await users.create(email: registration.email, name: registration.name, passwordHash: hash)
    }

    /// The account of an address, if the password is right. An unknown or disabled one takes the same time and gives the same answer.
    ///
    /// A password that is good for one sign-in lets nobody in by itself: it is exchanged for a new one, or `Problem` asks for that.
    func user(_ credentials: SignInFields, isWanted: @escaping @Sendable () -> Bool) async throws -> User? {
        guard let stored = try await verified(credentials, isWanted: isWanted) else { return nil }
        guard let end = stored.oneTimeUntil else {
            try await renewHash(of: stored, credentials.password, isWanted: isWanted)
            return stored.user
        }
        guard clock.now < end else { return nil }
        return try await exchange(credentials, stored, isWanted: isWanted) ? stored.user : nil
    }

    /// Whether this is the user's password.
    func verify(_ password: Password, of user: User, isWanted: @escaping @Sendable () -> Bool) async throws -> Bool {
        let stored = try await verified(SignInFields(email: user.email, password: password), isWanted: isWanted)
        return stored?.user.id == user.id && stored?.oneTimeUntil == nil
    }

    /// Whose address somebody tried: for the log, never for the answer.
    func id(of email: String) async throws -> String? {
        guard let email = EmailAddress(email) else { return nil }
        return try await users.credentials(email: email)?.user.id
    }

    /// Sets a new password and ends every session of the user. Throws `Problem` for a password that cannot be taken.
    func setPassword(_ text: String, of user: User, isWanted: @escaping @Sendable () -> Bool) async throws {
        let password = try accepted(text, at: "new_password", context: [user.email, user.name])
        let hash = try await hasher.hash(password, isWanted: isWanted)
        try await users.setPasswordHash(hash, of: user.id)
        sessions.forget(user.id)
    }

    /// Deletes the account with everything that belongs to it.
    func delete(_ user: User) async throws {
        _ = try await users.delete(user.id)
        sessions.forget(user.id)
    }

    private func verified(_ credentials: SignInFields, isWanted: @escaping @Sendable () -> Bool) async throws -> Credentials? {
        let stored = if let email = EmailAddress(credentials.email) { try await users.credentials(email: email) } else { Credentials?.none }
        guard try await hasher.verify(credentials.password, against: stored?.passwordHash, isWanted: isWanted) else { return nil }
        return stored?.isDisabled == false ? stored : nil
    }

    /// Hashes a password that was right anew, when new ones cost more than it did. Not when it was changed meanwhile, or the hashing is busy.
    private func renewHash(of stored: Credentials, _ password: Password, isWanted: @escaping @Sendable () -> Bool) async throws {
        guard let old = stored.passwordHash, hasher.isOutdated(old) else { return }
        do {
            let hash = try await hasher.hash(password, isWanted: isWanted)
            _ = try await users.replacePasswordHash(old, with: hash, of: stored.user.id)
        } catch is PasswordHasher.Refusal {}
    }

    /// False when the password was used or replaced meanwhile.
    private func exchange(_ credentials: SignInFields, _ stored: Credentials, isWanted: @escaping @Sendable () -> Bool) async throws -> Bool {
        guard let text = credentials.newPassword else { throw Problem.newPasswordNeeded }
        let password = try accepted(text, at: "new_password", context: [stored.user.email, stored.user.name])
        guard !Sodium.areEqual(password.secret.bytes, credentials.password.secret.bytes) else {
            throw Problem.invalid("new_password", "must be another than the one you were given")
        }
        let hash = try await hasher.hash(password, isWanted: isWanted)
        return try await users.exchangeOneTimePasswordHash(stored.passwordHash ?? "", for: hash, of: stored.user.id)
    }

    private func accepted(_ text: String, at path: String, context: [String]) throws(Problem) -> Password {
        if let fault = policy.fault(of: text, context: context) { throw .invalid(path, fault) }
        guard let password = Password(text) else { throw .invalid(path, "is too long") }
        return password
    }
}
