import Hummingbird
import Persistence

extension Router where Context == GatewayRequestContext {
    /// Every route of the gateway.
    static func gateway(
        _ parts: GatewayParts,
        _ configuration: GatewayConfiguration,
        _ sessions: SessionService,
        _ tokens: APITokenService,
        _ chat: ChatService
    ) throws -> Router {
        let stores = parts.stores
        let hasher = try PasswordHasher()
        let accounts = AccountService(users: stores.users, sessions: sessions, hasher: hasher, policy: parts.passwordPolicy)
        let supervisor = chat.supervisor
        let conversations = ConversationController(
            conversations: stores.conversations, runs: stores.runs, supervisor: supervisor)
        let readiness = Readiness([
            Readiness.Check(name: "database") { try await stores.database.isMigrated() },
            Readiness.Check(name: "writes") { stores.database.takesWrites },
            Readiness.Check(name: "draining") { !supervisor.isDraining },
        ])

        let limiter = RateLimiter(store: parts.rateLimits == nil ? nil : stores.rateLimits, limits: parts.rateLimits ?? RateLimits())

        let router = Router(context: GatewayRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addGatewayMiddleware(configuration)
        HealthController(readiness: readiness).addRoutes(to: router)
        let metrics = MetricsPage(metrics: parts.metrics, database: stores.database, hasher: hasher, supervisor: supervisor)
        MetricsController(page: metrics, access: MetricsAccess(token: parts.metricsToken, proxies: configuration.proxies)).addRoutes(to: router)
        try WebPage(model: parts.modelDescription, starters: parts.starters).addRoutes(to: router)
        OpenAPIController(configuration).addRoutes(to: router)
        AuthController(accounts: accounts, sessions: sessions, cookies: configuration.cookies, limiter: limiter)
            .addRoutes(to: router)
        let signedIn = router.signedIn(by: sessions, configuration.cookies, tokens: tokens)
        APITokenController(tokens: tokens).addRoutes(to: signedIn)
        TodoController(store: stores.todos).addRoutes(to: signedIn)
        ChatController(service: chat, limiter: limiter).addRoutes(to: signedIn)
        conversations.addRoutes(to: signedIn)
        return router
    }
}
