import Persistence

/// Makes, lists and revokes API tokens, and says in whose name a program acts with one.
struct APITokenService: Sendable {
    let uses: APITokenUses
    private let store: APITokenStore
    private let cache: AccessCache

    /// - Parameter cache: The one of the sessions, so that both are forgotten with an account.
    init(store: APITokenStore, cache: AccessCache, clock: WallClock = .system) {
        uses = APITokenUses(clock: clock)
        self.store = store
        self.cache = cache
    }

    /// A new token with its text, which cannot be had again. Throws `APITokenError`, and `StoreError.noSuchOwner` when the session has ended.
    func create(_ new: NewAPIToken, for user: User, by session: String) async throws -> (token: APIToken, text: String) {
        let text = APITokenText()
        let token = try await store.create(new.name, scopes: new.scopes, hash: text.hash, lifetime: new.lifetime, user: user.id, session: session)
        return (token, text.text)
    }

    func list(of user: User) async throws -> [APIToken] {
        try await store.list(user: user.id)
    }

    /// False when there is no such token of this user.
    func revoke(_ id: String, of user: User) async throws -> Bool {
        guard let hash = try await store.revoke(id, user: user.id) else { return false }
        cache.remove(hash)
        return true
    }

    /// Who presents a token; nil unless it is good.
    func signedIn(_ text: String) async throws -> SignedIn? {
        guard let hash = APITokenText(text)?.hash else { return nil }
        let value = try await cache.value(of: hash) {
            try await store.find(hash: hash).map { SignedIn(user: $0.user, session: $0.token.id, token: $0.token) }
        }
        if let token = value?.token { uses.note(token) }
        return value
    }
}
