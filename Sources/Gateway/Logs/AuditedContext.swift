import Hummingbird
import Logging

/// A request of which is written down what matters to security.
protocol AuditedContext: RequestContext {
    var metrics: Metrics { get }
    var trail: RequestTrail { get }
}

extension AuditedContext {
    /// One line of the log with the request's id and the client's address, and with whom it is about.
    func note(_ event: SecurityEvent, user: String? = nil, session: String? = nil, _ more: Logger.Metadata = [:]) {
        let (knownUser, knownSession) = trail.signedIn
        var fields = more
        if let user = user ?? knownUser { fields["user"] = .string(user) }
        if let session = session ?? knownSession { fields["session"] = .string(session) }
        event.write(to: logger, fields)
        metrics.securityEvents.count(event.rawValue)
    }
}
