import HTTPTypes
import Hummingbird

/// Answers what browsers ask before a request of another origin; nothing is looked at but the path, the origin, the method and the headers.
struct PreflightMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let policy: CORSPolicy

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard request.method == .options, let requested = request.headers[.accessControlRequestMethod], request.headers.contains(.origin) else {
            return try await next(request, context)
        }
        let methods = context.routes.methods(of: request.uri.path)
        // A path that is not served gets the router's answer.
        guard !methods.isEmpty else { return try await next(request, context) }
        context.coreContext.endpointPath.value = "preflight"
        var response = Response(status: .noContent)
        guard policy.allowedOrigin(in: request.headers) != nil, methods.contains(where: { $0.rawValue == requested }),
            policy.permits(request.headers[.accessControlRequestHeaders])
        else { return response }
        response.headers[.accessControlAllowMethods] = methods.map(\.rawValue).joined(separator: ", ")
        response.headers[.accessControlAllowHeaders] = CORSPolicy.requestHeaders.joined(separator: ", ")
        response.headers[.accessControlMaxAge] = String(CORSPolicy.maximumAge)
        return response
    }
}
