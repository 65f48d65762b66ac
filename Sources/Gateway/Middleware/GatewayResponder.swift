import Hummingbird

/// The router, which also tells its middleware what paths there are.
struct GatewayResponder: HTTPResponder {
    private let router: RouterResponder<GatewayRequestContext>
    private let routes: RouteTable

    init(_ router: Router<GatewayRequestContext>) {
        // Builds first: that adds the HEAD of every GET.
        self.router = router.buildResponder()
        routes = RouteTable(router)
    }

    func respond(to request: Request, context: GatewayRequestContext) async throws -> Response {
        var context = context
        context.routes = routes
        return try await router.respond(to: request, context: context)
    }
}
