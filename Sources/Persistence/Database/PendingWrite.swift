import Synchronization

/// A write that stands in the queue, is being performed, or is decided.
public final class PendingWrite<T: Sendable>: Sendable {
    private enum State {
        case queued([CheckedContinuation<T, any Error>])
        case started([CheckedContinuation<T, any Error>])
        case decided(Result<T, any Error>)
    }

    private let state = Mutex(State.queued([]))
    private let durable = Mutex<(@Sendable () -> Void)?>(nil)

    init() {}

    /// A write that was refused before it was queued.
    public init(refused error: any Error) {
        state.withLock { $0 = .decided(.failure(error)) }
    }

    /// What the write gave, once it is durable. Cancelling the task that waits changes nothing.
    public var value: T {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<T, any Error>? = state.withLock { state in
                    switch state {
                    case .queued(let waiting): state = .queued(waiting + [continuation])
                    case .started(let waiting): state = .started(waiting + [continuation])
                    case .decided(let result): return result
                    }
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }
    }

    /// As `value`; cancelling the task that waits is `cancel()`.
    var valueUnlessCancelled: T {
        get async throws {
            try await withTaskCancellationHandler {
                try await value
            } onCancel: {
                cancel()
            }
        }
    }

    /// Performs `action` when the write is durable, on the thread that made it so; at once if it is already. Once only, for one action.
    func whenDurable(_ action: @escaping @Sendable () -> Void) {
        let isDurable = state.withLock { state in
            switch state {
            case .queued, .started:
                durable.withLock { $0 = action }
                return false
            case .decided(.success): return true
            case .decided(.failure): return false
            }
        }
        if isDurable { action() }
    }

    /// Drops the write if it has not started; `value` then throws `CancellationError`.
    public func cancel() {
        decide(.failure(CancellationError())) { if case .queued = $0 { true } else { false } }
    }

    /// False when the write was dropped. From here on it cannot be.
    func start() -> Bool {
        state.withLock { state in
            switch state {
            case .queued(let waiting):
                state = .started(waiting)
                return true
            case .started: return true
            case .decided: return false
            }
        }
    }

    func decide(_ result: Result<T, any Error>) {
        decide(result) { _ in true }
    }

    private func decide(_ result: Result<T, any Error>, when isAllowed: (State) -> Bool) {
        let waiting: [CheckedContinuation<T, any Error>] = state.withLock { state in
            guard isAllowed(state) else { return [] }
            switch state {
            case .queued(let waiting), .started(let waiting):
                state = .decided(result)
                return waiting
            case .decided: return []
            }
        }
        if case .success = result { durable.withLock { exchange(&$0, with: nil) }?() }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
