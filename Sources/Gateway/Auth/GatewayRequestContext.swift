import Hummingbird
import NIOCore

/// What is known of every request, signed in or not.
struct GatewayRequestContext: AuditedContext {
    var coreContext: CoreRequestContextStorage
    /// Given by this server; also in the answer and in every log line.
    var requestID = ""
    /// What the paths of this server take; for the answer to a wrong method.
    var routes = RouteTable()
    /// What the process counts; set by `GatewayResponder`.
    var metrics = Metrics()
    let trail = RequestTrail()
    /// The address that the connection comes from; nil where it has none, as within a process.
    let peer: IPAddress?
    /// Who sent the request, as far as it can be known; set by `ClientAddressMiddleware`.
    var client: IPAddress?
    /// Set by `SessionMiddleware` or `APITokenMiddleware`; a handler that needs it lives in the group of `UserRequestContext`.
    var signedIn: SignedIn?

    private let channel: any Channel
    private let wasConnected: Bool

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        peer = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        wasConnected = source.channel.isActive
    }

    /// False once the client's connection has gone.
    var isClientThere: @Sendable () -> Bool {
        { [channel, wasConnected] in channel.isActive || !wasConnected }
    }

    /// The template of the route that answers; `none` where there is no such path.
    var route: String {
        // What Hummingbird's router calls the lack of one.
        endpointPath.flatMap { $0 == "NotFound" ? nil : $0 } ?? "none"
    }
}
