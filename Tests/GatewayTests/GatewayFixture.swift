import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Persistence

@testable import Gateway

/// The account half of a gateway, put together as the real one is, with cheap passwords and a clock that a test sets.
struct GatewayFixture: Sendable {
    static let secret = "a secret of the tests that is long enough to sign with"

    let configuration: GatewayConfiguration
    let time: SetClock
    let log: LogRecorder
    let users: UserStore
    let store: SessionStore
    let sessions: SessionService
    let accounts: AccountService
    let tokens: AccessTokens
    let hasher: PasswordHasher
    let todos: TodoStore

    init(
        _ database: any Database,
        publicURL: String = "http://localhost",
        origins: [String] = [],
        secret: String = secret,
        cache: SessionCache = SessionCache()
    ) async throws {
        configuration = try GatewayConfiguration(host: "127.0.0.1", port: 80, publicURL: publicURL, allowedOrigins: origins)
        time = SetClock()
        log = LogRecorder()
        let keys = try SigningKeys(text: secret)
        users = UserStore(database: database, clock: time.wall)
        store = SessionStore(database: database, clock: time.wall)
        tokens = await AccessTokens(keys: keys, issuer: configuration.publicURL.origin, clock: time.wall)
        sessions = SessionService(store: store, accessTokens: tokens, refreshTokens: RefreshTokens(keys: keys), cache: cache, clock: time.wall)
        hasher = try PasswordHasher(cost: Argon2id(kibibytes: 8, passes: 1))
        accounts = AccountService(users: users, sessions: sessions, hasher: hasher, clock: time.wall)
        todos = TodoStore(database: database, clock: time.wall)
    }

    /// - Parameter bodies: How bodies are read.
    /// - Parameter more: Further routes, with `/api`'s signed-in group.
    func application(
        bodies: BodyGate = BodyGate(),
        more: (Router<GatewayRequestContext>) -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addGatewayMiddleware(configuration, bodies: bodies)
        HealthController(readiness: Readiness([])).addRoutes(to: router)
        OpenAPIController(configuration).addRoutes(to: router)
        AuthController(accounts: accounts, sessions: sessions, cookies: configuration.cookies).addRoutes(to: router)
        TodoController(store: todos).addRoutes(to: router.signedIn(by: sessions, configuration.cookies))
        more(router)
        return Application(responder: GatewayResponder(router), logger: log.logger)
    }

    /// A browser-like client, for the life of `body`.
    func browse<T: Sendable>(_ body: @Sendable (Browser) async throws -> T) async throws -> T {
        try await application().test(.router) { client in
            try await body(Browser(client, origin: configuration.publicURL.origin))
        }
    }
}

/// A gateway over a database of its own.
func withGateway<T: Sendable>(
    publicURL: String = "http://localhost",
    origins: [String] = [],
    _ body: @Sendable (GatewayFixture, Browser) async throws -> T
) async throws {
    try await withDatabase { database in
        let gateway = try await GatewayFixture(database, publicURL: publicURL, origins: origins)
        _ = try await gateway.browse { browser in try await body(gateway, browser) }
    }
}
