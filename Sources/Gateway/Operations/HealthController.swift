import HTTPTypes
import Hummingbird

/// `/healthz`: the process is alive; `/readyz`: it may be sent requests.
struct HealthController: Sendable {
    private struct Health: Encodable, Sendable {
        var status = "ok"
        var failing: [String]?
    }

    let readiness: Readiness

    func addRoutes(to router: some RouterMethods<GatewayRequestContext>) {
        router.on(.readHealth, use: health)
        router.on(.readReadiness, use: ready)
    }

    private func health(_ request: Request, _ context: GatewayRequestContext) throws -> Response {
        try answer(Health(), .ok, request, context)
    }

    private func ready(_ request: Request, _ context: GatewayRequestContext) async throws -> Response {
        let failing = await readiness.failing()
        guard !failing.isEmpty else { return try answer(Health(), .ok, request, context) }
        return try answer(Health(status: "unavailable", failing: failing), .serviceUnavailable, request, context)
    }

    private func answer(_ health: Health, _ status: HTTPResponse.Status, _ request: Request, _ context: GatewayRequestContext) throws -> Response {
        try JSONResponse(health, status: status, headers: [.cacheControl: "no-store"]).response(from: request, context: context)
    }
}
