import Persistence

/// Opens, continues and ends sessions, and says who is signed in.
struct SessionService: Sendable {
    /// What came of presenting a refresh token.
    enum Refresh: Sendable {
        case refreshed(IssuedSession)
        /// A token that was already exchanged: someone else has it too, and the whole family has ended.
        case reused(session: String, user: String)
        case refused
    }

    private let store: SessionStore
    private let accessTokens: AccessTokens
    private let refreshTokens: RefreshTokens
    private let cache: AccessCache
    private let clock: WallClock

    init(
        store: SessionStore,
        accessTokens: AccessTokens,
        refreshTokens: RefreshTokens,
        cache: AccessCache = AccessCache(),
        clock: WallClock = .system
    ) {
        self.store = store
        self.accessTokens = accessTokens
        self.refreshTokens = refreshTokens
        self.cache = cache
        self.clock = clock
    }

    /// A session for whoever was found to know the password of these credentials; nil when they are not the account's any more.
    /// - Parameter newPasswordHash: Takes the password's place and ends every session before.
    func open(_ new: NewSession, with credentials: Credentials, newPasswordHash: String? = nil) async throws -> IssuedSession? {
        guard let session = try await store.open(new, with: credentials, newPasswordHash: newPasswordHash) else { return nil }
        if newPasswordHash != nil { cache.removeAll(of: credentials.user.id) }
        return try await issue(session, replacing: new.replacing)
    }

    /// Makes an account and its first session. Throws `StoreError.emailTaken`.
    func open(_ new: NewSession, registering registration: Registration, passwordHash: String) async throws -> (user: User, session: IssuedSession) {
        let (user, session) = try await store.open(new, registering: registration.email, name: registration.name, passwordHash: passwordHash)
        return (user, try await issue(session, replacing: new.replacing))
    }

    func refresh(_ token: String) async throws -> Refresh {
        guard let token = refreshTokens.verify(token) else { return .refused }
        switch try await store.rotate(token.session, counter: token.counter) {
        case .rotated(let session), .grace(let session): return .refreshed(try await issue(session))
        case .reused(let session):
            cache.remove(session.id)
            return .reused(session: session.id, user: session.user)
        case .ended: return .refused
        }
    }

    /// Who presents an access token; nil unless the token is good and its session lives.
    func signedIn(_ accessToken: String) async throws -> SignedIn? {
        guard let token = await accessTokens.verify(accessToken) else { return nil }
        guard let value = try await signedIn(session: token.session), value.user.id == token.user else { return nil }
        return value
    }

    /// Who is signed in with a session; nil when it has ended. A stream asks from time to time.
    func signedIn(session: String) async throws -> SignedIn? {
        try await cache.value(of: session) {
            try await store.signedIn(session).map { SignedIn(user: $0.user, session: $0.session.id) }
        }
    }

    /// The live session that either token belongs to, also when the access token has expired.
    func presented(accessToken: String?, refreshToken: String?) async throws -> SignedIn? {
        if let accessToken, let value = try await signedIn(accessToken) { return value }
        guard let refreshToken, let token = refreshTokens.verify(refreshToken) else { return nil }
        return try await signedIn(session: token.session)
    }

    func list(of user: String) async throws -> [SignInSession] {
        try await store.list(user: user)
    }

    /// False when there is no such session of this user.
    func end(_ session: String, of user: String) async throws -> Bool {
        defer { cache.remove(session) }
        return try await store.revoke(session, user: user)
    }

    func endAll(of user: String) async throws {
        defer { cache.removeAll(of: user) }
        try await store.revokeAll(user: user)
    }

    /// Call it when the user has gone; the store has ended the sessions with them.
    func forget(_ user: String) {
        cache.removeAll(of: user)
    }

    private func issue(_ session: SignInSession, replacing replaced: String?) async throws -> IssuedSession {
        if let replaced { cache.remove(replaced) }
        return try await issue(session)
    }

    private func issue(_ session: SignInSession) async throws -> IssuedSession {
        let access = try await accessTokens.issue(for: session)
        let rest = max(0, session.idleExpiresAt.milliseconds - clock.now.milliseconds) / 1_000
        return IssuedSession(
            session: session,
            accessToken: access.text,
            accessLifetime: access.lifetime,
            refreshToken: refreshTokens.text(for: RefreshToken(session: session.id, counter: session.counter)),
            refreshLifetime: rest
        )
    }
}
