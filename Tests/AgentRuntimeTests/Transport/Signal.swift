import Dispatch
import Synchronization

/// Something that happens once, which threads wait for by blocking and tasks by suspending.
final class Signal<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var tasks: [CheckedContinuation<Value, Never>] = []
        var threads: [DispatchSemaphore] = []
    }

    private let state = Mutex(State())

    var isSent: Bool {
        state.withLock { $0.value != nil }
    }

    func send(_ value: Value) {
        let waiters = state.withLock { state -> State in
            guard state.value == nil else { return State() }
            let waiters = state
            state = State(value: value)
            return waiters
        }
        for task in waiters.tasks { task.resume(returning: value) }
        for thread in waiters.threads { thread.signal() }
    }

    /// Suspends the task until the value is there.
    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state -> Value? in
                if state.value == nil { state.tasks.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }

    /// Blocks the thread until the value is there.
    func wait() {
        let semaphore = DispatchSemaphore(value: 0)
        let isThere = state.withLock { state in
            if state.value == nil { state.threads.append(semaphore) }
            return state.value != nil
        }
        if !isThere { semaphore.wait() }
    }
}

extension Signal where Value == Void {
    func send() {
        send(())
    }
}
