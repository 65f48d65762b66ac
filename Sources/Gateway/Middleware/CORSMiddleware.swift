import HTTPTypes
import Hummingbird

/// Lets the pages of configured origins read answers, and no others. Says on every answer that it depends on the origin.
struct CORSMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let policy: CORSPolicy

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin = policy.allowedOrigin(in: request.headers) else { return response }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlAllowCredentials] = "true"
        response.headers[.accessControlExposeHeaders] = CORSPolicy.exposedHeaders.joined(separator: ", ")
        return response
    }
}
