import Hummingbird
import Persistence

/// What is known of a request that a signed-in person makes. It cannot be made for anybody else, so a route that takes it is closed to others.
struct UserRequestContext: ChildRequestContext, AuditedContext {
    var coreContext: CoreRequestContextStorage
    let requestID: String
    let metrics: Metrics
    let trail: RequestTrail
    let user: User
    /// The session of the request, or the API token in place of one; a stream ends with it.
    let session: String
    /// Who sent the request, as far as it can be known.
    let client: IPAddress?
    /// False once the client's connection has gone.
    let isClientThere: @Sendable () -> Bool

    /// Throws `Problem.notSignedIn`.
    init(context: GatewayRequestContext) throws {
        guard let signedIn = context.signedIn else { throw Problem.notSignedIn }
        coreContext = context.coreContext
        requestID = context.requestID
        metrics = context.metrics
        trail = context.trail
        user = signedIn.user
        session = signedIn.session
        client = context.client
        isClientThere = context.isClientThere
    }
}
