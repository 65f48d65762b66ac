import Hummingbird

/// The router, which also tells its middleware what paths there are.
struct GatewayResponder: HTTPResponder {
    private let router: RouterResponder<GatewayRequestContext>
    private let routes: RouteTable
    private let metrics: Metrics

    init(_ router: Router<GatewayRequestContext>, metrics: Metrics = Metrics()) {
        self.metrics = metrics
        // Builds first: that adds the HEAD of every GET.
        self.router = router.buildResponder()
        routes = RouteTable(router)
    }

    func respond(to request: Request, context: GatewayRequestContext) async throws -> Response {
        var context = context
        context.routes = routes
        context.metrics = metrics
        return try await router.respond(to: request, context: context)
    }
}
