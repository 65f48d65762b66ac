import Synchronization

/// What is waited for under a number, each by one task; settled from anywhere, in any order.
final class MCPReplies<Value: Sendable>: Sendable {
    private enum Slot {
        case open
        case waiting(CheckedContinuation<Value, any Error>)
        case settled(Result<Value, any Error>)
    }

    private struct State {
        var lastID = 0
        var slots: [Int: Slot] = [:]
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    /// Whether `fail` was called.
    var haveFailed: Bool { state.withLock { $0.failure != nil } }

    /// Whether anything is open.
    var areAwaited: Bool { state.withLock { !$0.slots.isEmpty } }

    /// A number that is not used yet.
    func open() -> Int {
        state.withLock { state in
            state.lastID &+= 1
            state.slots[state.lastID] = state.failure.map { .settled(.failure($0)) } ?? .open
            return state.lastID
        }
    }

    /// Waits until `id` is settled; throws `CancellationError` when the task is cancelled first.
    func value(of id: Int) async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0, for: id) }
        } onCancel: {
            settle(id, with: .failure(CancellationError()))
        }
    }

    /// What nobody opened, or somebody closed, is passed over.
    func settle(_ id: Int, with result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state.slots[id] {
            case .open: state.slots[id] = .settled(result)
            case .waiting(let continuation):
                state.slots[id] = nil
                return continuation
            case .settled, nil: break
            }
            return nil
        }
        continuation?.resume(with: result)
    }

    func close(_ id: Int) {
        settle(id, with: .failure(CancellationError()))
        state.withLock { $0.slots[id] = nil }
    }

    /// Settles everything that is open, without end: what is opened later fails at once.
    func fail(with error: any Error) {
        settleAll(with: .failure(error), lastly: error)
    }

    /// Settles everything that is open now.
    func settleAll(with result: Result<Value, any Error>) {
        settleAll(with: result, lastly: nil)
    }

    private func settleAll(with result: Result<Value, any Error>, lastly failure: (any Error)?) {
        let open = state.withLock { state in
            state.failure = state.failure ?? failure
            return state.slots.keys.map(\.self)
        }
        for id in open { settle(id, with: result) }
    }

    private func wait(_ continuation: CheckedContinuation<Value, any Error>, for id: Int) {
        let result = state.withLock { state -> Result<Value, any Error>? in
            switch state.slots[id] {
            case .settled(let result):
                state.slots[id] = nil
                return result
            case .open:
                state.slots[id] = .waiting(continuation)
                return nil
            case .waiting, nil: return .failure(CancellationError())
            }
        }
        if let result { continuation.resume(with: result) }
    }
}
