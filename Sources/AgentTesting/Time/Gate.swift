import Synchronization

/// Something that tasks wait for and a test lets happen, so that a test can say in which order things happen.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    public init() {}

    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Lets everybody pass, now and later.
    public func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            state.isOpen = true
            return state.waiting.values.map(\.self)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once the gate is open; throws `CancellationError` when the task is cancelled first.
    public func wait() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0, as: id) }
        } onCancel: {
            cancel(id)
        }
    }

    private func wait(_ continuation: CheckedContinuation<Void, any Error>, as id: Int) {
        let result = state.withLock { state -> Result<Void, any Error>? in
            if state.isOpen { return .success(()) }
            if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
            state.waiting[id] = continuation
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    private func cancel(_ id: Int) {
        let continuation = state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: id)
            if continuation == nil { state.cancelled.insert(id) }
            return continuation
        }
        continuation?.resume(throwing: CancellationError())
    }
}
