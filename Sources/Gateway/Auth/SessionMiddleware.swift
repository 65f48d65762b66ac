import Hummingbird
import Logging
import Persistence

/// Finds out who makes a request, from the access token in its cookie and the session that the token belongs to.
struct SessionMiddleware: RouterMiddleware {
    typealias Context = GatewayRequestContext

    let sessions: SessionService
    let cookies: SessionCookies

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var context = context
        if context.signedIn == nil, let token = try cookies.accessToken(in: request.headers),
            let signedIn = try await sessions.signedIn(token)
        {
            context.signedIn = signedIn
            context.trail.signedIn = (signedIn.user.id, signedIn.session)
            context.logger[metadataKey: "user"] = .string(signedIn.user.id)
        }
        return try await next(request, context)
    }
}
