import Hummingbird

/// Refuses requests that were meant for another name, as a page does whose own name was made to point here (DNS rebinding).
struct HostGate: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let configuration: GatewayConfiguration

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard isServed(request) || isProbe(request) || isScrape(request) else {
            throw Problem(.misdirected, "Use the address that this server was configured with.")
        }
        // The first is the authority: https://www.rfc-editor.org/rfc/rfc9112#section-3.2
        guard !request.headers.contains(.host) else { throw Problem(.malformedRequest, "The request names its host more than once.") }
        return try await next(request, context)
    }

    /// Also what a second `Host` or a whole URL in the request line says: a proxy may have gone by either.
    private func isServed(_ request: Request) -> Bool {
        var authorities = request.headers[values: .host].map(Optional.some)
        if let host = request.uri.host { authorities.append(request.uri.port.map { "\(host):\($0)" } ?? host) }
        return configuration.isServed(request.head.authority) && authorities.allSatisfy { configuration.isServed($0) }
    }

    /// Prometheus asks by address too; a page whose name was made to point here does not.
    private func isScrape(_ request: Request) -> Bool {
        guard request.uri.path == "/metrics", let host = request.head.authority.flatMap({ Authority($0) })?.host else { return false }
        return LoopbackHost.isLoopback(host) || IPAddress(host.filter { $0 != "[" && $0 != "]" }) != nil
    }

    /// Load balancers ask for health by address, and hear nothing that matters.
    private func isProbe(_ request: Request) -> Bool {
        !configuration.publicURL.isLoopback && ["/healthz", "/readyz"].contains(request.uri.path)
    }
}
