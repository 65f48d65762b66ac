import HTTPTypes
import Hummingbird
import Logging

/// One line a request, in fields: never the path as it was sent, a query string or a body.
struct AccessLogMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let start = now()
        let response = try await next(request, context)
        context.logger.info(
            "request",
            metadata: [
                // A method that no route has may be any text.
                "method": .string(Self.methods.contains(request.method) ? request.method.rawValue : "other"),
                "route": .string(context.endpointPath ?? "none"),
                "status": .stringConvertible(response.status.code),
                "milliseconds": .stringConvertible(Int((now() - start) / .milliseconds(1))),
            ]
        )
        return response
    }
}
