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

    /// Makes an account and signs in. Throws `StoreError.emailTaken`, and `Problem` for fields that cannot be taken.
    func register(
        _ registration: Registration, _ new: NewSession, isWanted: @escaping @Sendable () -> Bool
    ) async throws -> (user: User, session: IssuedSession) {
        let password = try accepted(registration.password, at: "password", context: [registration.email.description, registration.name])
        let hash = try await hasher.hash(password, isWanted: isWanted)
        return try await sessions.open(new, registering: registration, passwordHash: hash)
    }

    /// The credentials of an address, if the password is right, and the id of its account in any case, which is for the log and never for the
    /// answer. An unknown or disabled account takes the same time.
    func verified(
        _ fields: SignInFields, isWanted: @escaping @Sendable () -> Bool
    ) async throws -> (credentials: Credentials?, account: String?) {
        let stored = if let email = EmailAddress(fields.email) { try await users.credentials(email: email) } else { Credentials?.none }
        let isRight = try await hasher.verify(fields.password, against: stored?.passwordHash, isWanted: isWanted)
        let isInTime = stored?.oneTimeUntil.map { clock.now < $0 } ?? true
        return (isRight && isInTime && stored?.isDisabled == false ? stored : nil, stored?.user.id)
    }

    /// The user's credentials, if this is the password, and one that lasts.
    func verified(_ password: Password, of user: User, isWanted: @escaping @Sendable () -> Bool) async throws -> Credentials? {
        let stored = try await verified(SignInFields(email: user.email, password: password), isWanted: isWanted).credentials
        return stored?.user.id == user.id && stored?.oneTimeUntil == nil ? stored : nil
    }

    /// Signs in with verified credentials; nil when they were replaced meanwhile.
    ///
    /// A password that is good for one sign-in lets nobody in by itself: it is exchanged for a new one, or `Problem` asks for that.
    func signIn(
        _ fields: SignInFields, _ credentials: Credentials, _ new: NewSession, isWanted: @escaping @Sendable () -> Bool
    ) async throws -> IssuedSession? {
        guard credentials.oneTimeUntil == nil else {
            guard let text = fields.newPassword else { throw Problem.newPasswordNeeded }
            let password = try accepted(text, at: "new_password", of: credentials.user)
            guard !Sodium.areEqual(password.secret.bytes, fields.password.secret.bytes) else {
                throw Problem.invalid("new_password", "must be another than the one you were given")
            }
            return try await sessions.open(new, with: credentials, newPasswordHash: try await hasher.hash(password, isWanted: isWanted))
        }
        return try await sessions.open(new, with: try await renewed(credentials, fields.password, isWanted: isWanted))
    }

    /// Sets a new password, ends every session of the user and begins another; nil when the credentials were replaced meanwhile.
    /// Throws `Problem` for a password that cannot be taken.
    func setPassword(
        _ text: String, _ credentials: Credentials, _ new: NewSession, isWanted: @escaping @Sendable () -> Bool
    ) async throws -> IssuedSession? {
        let password = try accepted(text, at: "new_password", of: credentials.user)
        return try await sessions.open(new, with: credentials, newPasswordHash: try await hasher.hash(password, isWanted: isWanted))
    }

    /// Deletes the account with everything that belongs to it; false when the credentials were replaced meanwhile.
    func delete(_ credentials: Credentials) async throws -> Bool {
        defer { sessions.forget(credentials.user.id) }
        return try await users.delete(credentials.user.id, ifPasswordHashIs: credentials.passwordHash)
    }

    /// Hashes a password that was right anew, when new ones cost more than it did. Not when the hashing is busy.
    private func renewed(_ stored: Credentials, _ password: Password, isWanted: @escaping @Sendable () -> Bool) async throws -> Credentials {
        guard let old = stored.passwordHash, hasher.isOutdated(old) else { return stored }
        do {
            let hash = try await hasher.hash(password, isWanted: isWanted)
            var renewed = stored
            renewed.passwordHash = hash
            return try await users.replacePasswordHash(old, with: hash, of: stored.user.id) ? renewed : stored
        } catch is PasswordHasher.Refusal {
            return stored
        }
    }

    private func accepted(_ text: String, at path: String, of user: User) throws(Problem) -> Password {
        try accepted(text, at: path, context: [user.email, user.name])
    }

    private func accepted(_ text: String, at path: String, context: [String]) throws(Problem) -> Password {
        if let fault = policy.fault(of: text, context: context) { throw .invalid(path, fault) }
        guard let password = Password(text) else { throw .invalid(path, "is too long") }
        return password
    }
}
