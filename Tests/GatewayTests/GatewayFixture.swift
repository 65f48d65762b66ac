import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Persistence
import Testing

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
    let tokenStore: APITokenStore
    let apiTokens: APITokenService
    let accounts: AccountService
    let tokens: AccessTokens
    let hasher: PasswordHasher
    let todos: TodoStore
    let limiter: RateLimiter
    let metrics: Metrics

    init(
        _ database: any Database,
        publicURL: String = "http://localhost",
        origins: [String] = [],
        secret: String = secret,
        cache: AccessCache = AccessCache(),
        cost: Argon2id = Argon2id(kibibytes: 8, passes: 1),
        limits: RateLimits? = nil,
        metrics: Metrics = Metrics()
    ) async throws {
        self.metrics = metrics
        configuration = try GatewayConfiguration(host: "127.0.0.1", port: 80, publicURL: publicURL, allowedOrigins: origins)
        time = SetClock()
        log = LogRecorder()
        let keys = try SigningKeys(text: secret)
        users = UserStore(database: database, clock: time.wall)
        store = SessionStore(database: database, clock: time.wall)
        tokens = await AccessTokens(keys: keys, issuer: configuration.publicURL.origin, clock: time.wall)
        sessions = SessionService(store: store, accessTokens: tokens, refreshTokens: RefreshTokens(keys: keys), cache: cache, clock: time.wall)
        tokenStore = APITokenStore(database: database, clock: time.wall)
        apiTokens = APITokenService(store: tokenStore, cache: cache, clock: time.wall)
        hasher = try PasswordHasher(cost: cost)
        accounts = AccountService(users: users, sessions: sessions, hasher: hasher, clock: time.wall)
        todos = TodoStore(database: database, clock: time.wall)
        let cache = RateLimitCache(now: time.continuous)
        limiter = limits.map { [time] in RateLimiter(store: RateLimitStore(database: database, clock: time.wall), limits: $0, cache: cache) } ?? .off
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
        AuthController(accounts: accounts, sessions: sessions, cookies: configuration.cookies, limiter: limiter).addRoutes(to: router)
        APITokenController(tokens: apiTokens).addRoutes(to: signedIn(router))
        TodoController(store: todos).addRoutes(to: signedIn(router))
        more(router)
        return Application(responder: GatewayResponder(router, metrics: metrics), logger: log.logger)
    }

    func signedIn(_ router: Router<GatewayRequestContext>) -> SignedInRoutes {
        router.signedIn(by: sessions, configuration.cookies, tokens: apiTokens)
    }

    /// A browser-like client, for the life of `body`.
    func browse<T: Sendable>(_ body: @Sendable (Browser) async throws -> T) async throws -> T {
        try await application().test(.router) { client in
            try await body(Browser(client, origin: configuration.publicURL.origin))
        }
    }
}

/// A gateway over a database of its own, on one driver after the other. Whatever `body` sends to it, it still answers afterwards.
func withGateway(
    on drivers: [Driver] = Driver.all,
    publicURL: String = "http://localhost",
    origins: [String] = [],
    _ body: @Sendable (GatewayFixture, Browser) async throws -> Void
) async throws {
    for driver in drivers {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database, publicURL: publicURL, origins: origins)
            try await gateway.browse { browser in
                try await body(gateway, browser)
                #expect(try await browser.another().status(.get, "/healthz") == 200, "on \(driver)")
            }
        }
    }
}
