/// How one request to a model went; nothing of what was said.
public struct ModelObservation: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        case answered(Usage)
        case failed(RunFailure.Code)
        /// Nobody waits for the answer any more.
        case cancelled
    }

    /// The model's name.
    public var model: String
    public var outcome: Outcome
    /// Until the first event of the answer; nil when there was none.
    public var firstEvent: Duration?
    /// Until the end of the answer.
    public var total: Duration

    public init(model: String, outcome: Outcome, firstEvent: Duration?, total: Duration) {
        self.model = model
        self.outcome = outcome
        self.firstEvent = firstEvent
        self.total = total
    }
}
