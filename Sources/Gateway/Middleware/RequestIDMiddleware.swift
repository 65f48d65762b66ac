import HTTPTypes
import Hummingbird
import Logging
import Persistence

/// Gives every request an id, which its answer, its problem document and its log lines carry. What a client sends as one is not taken.
struct RequestIDMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let identifiers: IdentifierGenerator

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var context = context
        context.requestID = identifiers.next()
        context.logger[metadataKey: "hb.request.id"] = nil
        context.logger[metadataKey: "request"] = .string(context.requestID)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        return response
    }
}

extension HTTPField.Name {
    static let host = requestName("Host")
    static let requestID = requestName("X-Request-ID")
    static let idempotencyKey = requestName("Idempotency-Key")
    static let lastEventID = requestName("Last-Event-ID")
    /// Asks proxies to pass each event on at once: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
    static let accelBuffering = requestName("X-Accel-Buffering")
    static let forwardedFor = requestName("X-Forwarded-For")
    static let forwarded = requestName("Forwarded")
    static let rateLimit = requestName("RateLimit")
    static let rateLimitPolicy = requestName("RateLimit-Policy")
    static let secFetchSite = requestName("Sec-Fetch-Site")
    static let referrerPolicy = requestName("Referrer-Policy")
    static let crossOriginOpenerPolicy = requestName("Cross-Origin-Opener-Policy")

    /// For the literals above only.
    private static func requestName(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not the name of a header") }
        return name
    }
}
