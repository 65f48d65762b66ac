import HTTPTypes
import Hummingbird

/// The headers that tell browsers what an answer may not be used for. A handler that sets one of them itself is left alone.
struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    static let documentPolicy = "default-src 'none'; frame-ancestors 'none'"
    /// Everything the page needs comes from this server; nothing is inline.
    static let pagePolicy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
        form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'
        """

    /// Whether the gateway is reached over https.
    let isSecure: Bool

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        let isPage = response.headers[.contentType]?.lowercased().hasPrefix("text/html") ?? false
        response.headers.setSecurityDefaults(isSecure: isSecure, policy: isPage ? Self.pagePolicy : Self.documentPolicy)
        if isPage { response.headers.setDefault(.crossOriginOpenerPolicy, "same-origin") }
        if request.isForAPI || response.status.code >= 400 { response.headers.setDefault(.cacheControl, "no-store") }
        return response
    }
}

extension HTTPFields {
    /// What every answer has, also one that no handler was asked for.
    mutating func setSecurityDefaults(isSecure: Bool, policy: String = SecurityHeadersMiddleware.documentPolicy) {
        setDefault(.xContentTypeOptions, "nosniff")
        setDefault(.referrerPolicy, "no-referrer")
        setDefault(.contentSecurityPolicy, policy)
        setDefault(.crossOriginResourcePolicy, "same-origin")
        if isSecure { setDefault(.strictTransportSecurity, "max-age=31536000; includeSubDomains") }
    }

    fileprivate mutating func setDefault(_ name: HTTPField.Name, _ value: String) {
        if !contains(name) { self[name] = value }
    }
}
