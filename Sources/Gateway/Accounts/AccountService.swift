import Persistence

/// Makes accounts, and lets into them whoever knows the password.
struct AccountService: Sendable {
    private let users: UserStore
    private let sessions: SessionService
    private let hasher: PasswordHasher
    private let policy: PasswordPolicy

    init(users: UserStore, sessions: SessionService, hasher: PasswordHasher, policy: PasswordPolicy = PasswordPolicy()) {
        self.users = users
        self.sessions = sessions
        self.hasher = hasher
        self.policy = policy
    }

    /// Makes an account. Throws `StoreError.emailTaken`, and `Problem` for fields that cannot be taken.
    func register(_ registration: Registration, isWanted: @escaping @Sendable () -> Bool) async throws -> User {
        let password = try accepted(registration.password, at: "password", context: [registration.email.description, registration.name])
        let hash = try await hasher.hash(password, isWanted: isWanted)
        return try await users.create(email: registration.email, name: registration.name, passwordHash: hash)
    }

    /// The account of an address, if the password is right. An unknown or disabled one takes the same time and gives the same answer.
    func user(_ credentials: SignInFields, isWanted: @escaping @Sendable () -> Bool) async throws -> User? {
        let stored = if let email = EmailAddress(credentials.email) { try await users.credentials(email: email) } else { Credentials?.none }
        guard try await hasher.verify(credentials.password, against: stored?.passwordHash, isWanted: isWanted) else { return nil }
        return stored?.isDisabled == false ? stored?.user : nil
    }

    /// Whether this is the user's password.
    func verify(_ password: Password, of user: User, isWanted: @escaping @Sendable () -> Bool) async throws -> Bool {
        try await self.user(SignInFields(email: user.email, password: password), isWanted: isWanted)?.id == user.id
    }

    /// Sets a new password and ends every session of the user. Throws `Problem` for a password that cannot be taken.
    func setPassword(_ text: String, of user: User, isWanted: @escaping @Sendable () -> Bool) async throws {
        let password = try accepted(text, at: "new_password", context: [user.email, user.name])
        let hash = try await hasher.hash(password, isWanted: isWanted)
        try await users.setPasswordHash(hash, of: user.id)
        try await sessions.endAll(of: user.id)
    }

    /// Deletes the account with everything that belongs to it.
    func delete(_ user: User) async throws {
        _ = try await users.delete(user.id)
        sessions.forget(user.id)
    }

    private func accepted(_ text: String, at path: String, context: [String]) throws(Problem) -> Password {
        if let fault = policy.fault(of: text, context: context) { throw .invalid(path, fault) }
        guard let password = Password(text) else { throw .invalid(path, "is too long") }
        return password
    }
}
