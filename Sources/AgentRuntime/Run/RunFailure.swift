/// How a run failed, as the person may see it; the cause goes to the log of the process.
public struct RunFailure: Sendable, Hashable, Codable {
    public var code: Code
    public var message: String
    /// Whether the same message may well work later.
    public var retry: Bool

    public enum Code: String, Sendable, Hashable, Codable {
        case modelBusy = "model_busy"
        case modelUnavailable = "model_unavailable"
        case modelTimeout = "model_timeout"
        case modelRefused = "model_refused"
        case contentFiltered = "content_filtered"
        case modelMisbehaved = "model_misbehaved"
        case limitReached = "limit_reached"
        case budgetExceeded = "budget_exceeded"
        case interrupted
        case `internal`
    }

    public init(_ code: Code, _ message: String, retry: Bool = false) {
        self.code = code
        self.message = message
        self.retry = retry
    }

    /// The process ended, or had to, before the run did.
    public static let interrupted = RunFailure(.interrupted, "The server stopped before the answer was finished.", retry: true)
}
