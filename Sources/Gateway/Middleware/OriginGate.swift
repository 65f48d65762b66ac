import HTTPTypes
import Hummingbird
import Logging

/// Refuses writes that a page of somebody else had the browser send with this server's cookies.
///
/// https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
struct OriginGate: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let configuration: GatewayConfiguration

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard request.isSafe || isTrusted(request.headers) else {
            context.note(.crossSiteRefused)
            throw Problem(.notAllowed, "A request that changes something needs an Origin header of this server or of an allowed page.")
        }
        return try await next(request, context)
    }

    /// Browsers send at least one of the two headers. A program without cookies has no authority that could be misused.
    private func isTrusted(_ headers: HTTPFields) -> Bool {
        let origins = headers[values: .origin]
        if !origins.isEmpty { return origins.count == 1 && origins.allSatisfy { configuration.isAllowed(origin: $0) } }
        let sites = headers[values: .secFetchSite]
        if !sites.isEmpty { return sites.count == 1 && sites.allSatisfy { $0 == "same-origin" || $0 == "none" } }
        return !headers.contains(.cookie)
    }
}
