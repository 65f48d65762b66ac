import Synchronization

/// Word from outside that a run is to end, and why; the first reason stands.
final class CancellationSignal: Sendable {
    enum Reason: Sendable {
        /// The person asked for it.
        case stopped
        case timeLimit
        /// The process is going down, and nobody takes the run up.
        case shutdown
        /// The run is another process's by now, or soon, or is gone.
        case moved
    }

    private struct State {
        var reason: Reason?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var reason: Reason? { state.withLock { $0.reason } }

    func send(_ reason: Reason) {
        let waiter = state.withLock { state in
            if state.reason == nil { state.reason = reason }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when a reason was given or the task is cancelled; one task may wait at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.reason == nil, !Task.isCancelled else { return false }
                    state.waiter = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
    }
}
