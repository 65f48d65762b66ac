import AgentRuntime
import Hummingbird
import Logging
import Persistence

/// Lets a program act in the name of the person whose API token it sends, where the token is good for that.
///
/// It carries no cookies, so no page of somebody else can have a browser send it. With both, it would not be clear who asks: that is refused.
struct APITokenMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let tokens: APITokenService
    let cookies: SessionCookies
    let scope: APIScope

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard let text = try request.headers.bearerToken() else { return try await next(request, context) }
        guard let signedIn = try await tokens.signedIn(text), let token = signedIn.token else {
            context.note(.apiTokenRefused)
            throw Problem.badToken
        }
        context.trail.signedIn = (signedIn.user.id, signedIn.session)
        guard !cookies.arePresent(in: request.headers) else {
            throw Problem(.malformedRequest, "Send an API token or the cookies of a session, not both.")
        }
        guard token.scopes.contains(scope) else {
            context.note(.apiTokenRefused, ["token": .string(token.id)])
            throw Problem.missingScope(scope)
        }
        var context = context
        context.signedIn = signedIn
        context.logger[metadataKey: "user"] = .string(signedIn.user.id)
        context.logger[metadataKey: "token"] = .string(token.id)
        return try await next(request, context)
    }
}

extension Problem {
    /// For a token that is none, has expired, was revoked, or whose account is disabled: nobody is told which.
    static let badToken = Problem(.notSignedIn, "This API token is not good, or not any more.")
        .with(.wwwAuthenticate, "Bearer realm=\"agent\", error=\"invalid_token\"")

    /// https://www.rfc-editor.org/rfc/rfc6750#section-3.1
    static func missingScope(_ scope: APIScope) -> Problem {
        Problem(.missingScope, "This API token lacks the scope \(scope.rawValue). Make one that has it.")
            .with("scope", .string(scope.rawValue))
            .with(.wwwAuthenticate, "Bearer realm=\"agent\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")
    }
}
