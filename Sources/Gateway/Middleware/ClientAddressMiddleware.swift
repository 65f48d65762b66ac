import HTTPTypes
import Hummingbird
import Logging

/// Finds out which client a request comes from, and says so in every line of the log.
struct ClientAddressMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let proxies: TrustedProxies

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var context = context
        let client = proxies.client(of: context.peer, forwardedFor: request.headers[values: .forwardedFor])
        context.client = client
        if let client { context.logger[metadataKey: "client"] = .string(client.description) }
        return try await next(request, context)
    }
}
