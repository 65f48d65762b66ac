import Synchronization

/// Asks a run to stop once its turn is whole; whoever needs it to end at once cancels its task.
///
/// The run then gives a result that is not complete, and its log no end: it goes on when it is run again over the log.
public final class RunStop: Sendable {
    private let isAsked = Mutex(false)

    public init() {}

    /// Lets the turn under way end, its tools and its place in the session included, and no other begin.
    public func afterTurn() {
        isAsked.withLock { $0 = true }
    }

    public var isRequested: Bool { isAsked.withLock { $0 } }
}
