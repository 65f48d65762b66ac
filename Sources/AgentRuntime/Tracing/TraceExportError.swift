/// Why traces were not taken.
public enum TraceExportError: Error, Sendable, Hashable {
    /// The server answered with this status.
    case refused(status: Int)
    /// There was no answer.
    case unreachable(TransportError)
}

extension TraceExportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let status): "The trace server answered with HTTP \(status)."
        case .unreachable(.couldNotResolve): "The name of the trace server could not be resolved."
        case .unreachable(.couldNotConnect), .unreachable(.connectTimedOut): "The trace server does not take connections."
        case .unreachable(let error) where error.isTimeout: "The trace server took too long."
        case .unreachable(.tls(let reason)): "The trace server is not trusted: \(reason)."
        case .unreachable(.refusedURL(let reason)), .unreachable(.refusedRequest(let reason)):
            "The address of the trace server was refused: \(reason)."
        case .unreachable: "The connection to the trace server failed."
        }
    }
}
