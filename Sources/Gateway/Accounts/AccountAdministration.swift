public import Logging
public import Persistence

/// What an operator does with accounts at the machine itself, over the same stores and by the same rules as the gateway.
///
/// Accounts are named by address or id. Gateways that run on the same database follow within seconds.
public struct AccountAdministration: Sendable {
    private let users: UserStore
    private let hasher: PasswordHasher
    private let policy: PasswordPolicy
    private let clock: WallClock
    private let logger: Logger

    /// - Parameter logger: Is told of everything that was done to an account.
    public init(users: UserStore, policy: PasswordPolicy, logger: Logger) throws {
        self.init(users: users, hasher: try PasswordHasher(), policy: policy, clock: .system, logger: logger)
    }

    init(users: UserStore, hasher: PasswordHasher, policy: PasswordPolicy, clock: WallClock, logger: Logger) {
        self.logger = logger
        self.users = users
        self.hasher = hasher
        self.policy = policy
        self.clock = clock
    }

    /// All accounts, in the order of their addresses.
    public func list() async throws -> [Account] {
        var accounts: [Account] = []
        while true {
            let more = try await users.accounts(after: accounts.last?.user.email ?? "")
            guard !more.isEmpty else { return accounts }
            accounts += more
        }
    }

    /// Makes an account with a password of the person's own. Throws `AccountError`.
    public func add(_ email: String, name: String?, password: String) async throws -> User {
        let (email, name) = try checked(email, name)
        if let fault = policy.fault(of: password, context: [email.description, name]) { throw AccountError.invalid("The password \(fault).") }
        guard let password = Password(password) else { throw AccountError.invalid("The password is too long.") }
        return try await create(email, name, password)
    }

    /// Makes an account with a password that is good for one sign-in, which it gives. Throws `AccountError`.
    public func add(_ email: String, name: String?) async throws -> (user: User, password: String) {
        let (email, name) = try checked(email, name)
        let user = try await create(email, name, nil)
        return (user, try await giveOneTimePassword(to: user))
    }

    /// Ends every session and run of the account, and gives it a password that is good for one sign-in. Throws `AccountError`.
    public func resetPassword(of name: String) async throws -> (user: User, password: String) {
        let user = try await person(name)
        let password = try await giveOneTimePassword(to: user)
        note(.passwordReset, user)
        return (user, password)
    }

    /// Ends every session and run of the account and lets nobody in; everything in it stays. Throws `AccountError`.
    public func disable(_ name: String) async throws -> User {
        let user = try await person(name)
        try await users.disable(user.id)
        note(.accountDisabled, user)
        return user
    }

    public func enable(_ name: String) async throws -> User {
        let user = try await person(name)
        try await users.enable(user.id)
        note(.accountEnabled, user)
        return user
    }

    /// Deletes the account and every row that belongs to it, at once, also while a run is under way. Throws `AccountError`.
    public func delete(_ name: String) async throws -> User {
        let user = try await account(name).user
        _ = try await users.delete(user.id)
        note(.accountRemoved, user)
        return user
    }

    /// Throws `AccountError.unknown`.
    public func account(_ name: String) async throws -> Account {
        guard let account = try await users.account(name) else { throw AccountError.unknown(name) }
        return account
    }

    /// An account that somebody signs in with.
    private func person(_ name: String) async throws -> User {
        let user = try await account(name).user
        guard EmailAddress(user.email) != nil else { throw AccountError.invalid("Nobody can sign in as \(user.email): it is for the command line.") }
        return user
    }

    private func checked(_ email: String, _ name: String?) throws(AccountError) -> (EmailAddress, String) {
        guard let email = EmailAddress(email) else { throw .invalid("\(email) is not an e-mail address.") }
        let name = name ?? String(email.description.prefix { $0 != "@" }.unicodeScalars.prefix(Registration.nameLength.upperBound))
        if let fault = Registration.fault(ofName: name) { throw .invalid("The name \(fault).") }
        return (email, name)
    }

    private func create(_ email: EmailAddress, _ name: String, _ password: Password?) async throws -> User {
        // Without a password nobody can sign in until one is set.
        var hash: String?
        if let password { hash = try await hasher.hash(password) }
        do {
            let user = try await users.create(email: email, name: name, passwordHash: hash)
            note(.accountAdded, user)
            return user
        } catch StoreError.emailTaken {
            throw AccountError.invalid("\(email) already has an account.")
        }
    }

    private func note(_ event: SecurityEvent, _ user: User) {
        event.write(to: logger, ["user": .string(user.id)])
    }

    private func giveOneTimePassword(to user: User) async throws -> String {
        let text = OneTimePassword.make()
        guard let password = Password(text) else { throw AccountError.invalid("No password could be made.") }
        let hash = try await hasher.hash(password)
        try await users.setOneTimePasswordHash(hash, of: user.id, until: clock.now.adding(OneTimePassword.lifetime))
        return text
    }
}
