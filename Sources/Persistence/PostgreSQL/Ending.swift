import Synchronization

/// Tells tasks that something has ended.
final class Ending: Sendable {
    private let state = Mutex<(isOver: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiters.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    func end() {
        let waiters = state.withLock { state in
            state.isOver = true
            return exchange(&state.waiters, with: [])
        }
        for waiter in waiters { waiter.resume() }
    }
}
