import Hummingbird

/// Refuses requests that were meant for another name, as a page does whose own name was made to point here (DNS rebinding).
struct HostGate: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let configuration: GatewayConfiguration

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard configuration.isServed(request.head.authority) || isProbe(request) else {
            throw Problem(.misdirected, "Use the address that this server was configured with.")
        }
        return try await next(request, context)
    }

    /// Load balancers ask for health by address, and hear nothing that matters.
    private func isProbe(_ request: Request) -> Bool {
        !configuration.publicURL.isLoopback && ["/healthz", "/readyz"].contains(request.uri.path)
    }
}
