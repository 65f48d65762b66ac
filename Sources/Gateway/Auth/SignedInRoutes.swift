import Hummingbird

/// The routes of signed-in people; everybody else gets 401 there. There is no other way to a `UserRequestContext`.
struct SignedInRoutes {
    private let group: RouterGroup<GatewayRequestContext>
    private let sessions: SessionMiddleware
    private let tokens: APITokenService?

    init(_ group: RouterGroup<GatewayRequestContext>, sessions: SessionMiddleware, tokens: APITokenService?) {
        self.group = group
        self.sessions = sessions
        self.tokens = tokens
    }

    /// Serves a route that is described: also to API tokens, if the description names their scope.
    @discardableResult
    func on<Answer: ResponseGenerator>(
        _ operation: APIOperation,
        use handler: @Sendable @escaping (Request, UserRequestContext) async throws -> Answer
    ) -> SignedInRoutes {
        var routes = group.group()
        if let scope = operation.scope, let tokens {
            routes = routes.add(middleware: APITokenMiddleware(tokens: tokens, cookies: sessions.cookies, scope: scope))
        }
        routes.add(middleware: sessions).group(context: UserRequestContext.self).on(operation, use: handler)
        return self
    }
}

extension RouterMethods where Context == GatewayRequestContext {
    /// - Parameter tokens: Nil where only sessions are taken.
    func signedIn(by sessions: SessionService, _ cookies: SessionCookies, tokens: APITokenService? = nil) -> SignedInRoutes {
        SignedInRoutes(group(), sessions: SessionMiddleware(sessions: sessions, cookies: cookies), tokens: tokens)
    }
}
