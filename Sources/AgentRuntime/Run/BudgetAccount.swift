import Synchronization

/// What a run and the runs within it have used of a budget, and what their model calls under way may use.
final class BudgetAccount: Sendable {
    let budget: Budget
    private let state: Mutex<State>

    private struct State {
        var used: Spending
        var reserved = Spending()
        var waiting: [Waiter] = []
        var cancelled: Set<Int> = []
        var lastID = 0
    }

    private struct Waiter {
        let id: Int
        let amount: Spending
        let continuation: CheckedContinuation<Void, any Error>
    }

    private enum Decision {
        case granted, refused
        /// Until calls under way have settled.
        case later
    }

    init(_ budget: Budget, used: Spending) {
        self.budget = budget
        state = Mutex(State(used: used))
    }

    var used: Spending { state.withLock { $0.used } }

    /// Takes the amount out of what is left, or throws `RunError.budgetExceeded`. While calls under way may leave enough, it waits in turn.
    func reserve(_ amount: Spending) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(Waiter(id: id, amount: amount, continuation: continuation))
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Gives back what was reserved, less what was used.
    func settle(_ reserved: Spending, used: Spending) {
        let ready = state.withLock { state in
            state.reserved = state.reserved - reserved
            state.used = state.used + used
            return decideWaiting(&state)
        }
        for (waiter, decision) in ready { resume(waiter, decision) }
    }

    private func wait(_ waiter: Waiter) {
        let decision = state.withLock { state -> Decision? in
            if state.cancelled.remove(waiter.id) != nil { return nil }
            let decision = state.waiting.isEmpty ? decide(waiter.amount, &state) : .later
            if decision == .later { state.waiting.append(waiter) }
            return decision
        }
        guard let decision else { return waiter.continuation.resume(throwing: CancellationError()) }
        resume(waiter, decision)
    }

    private func cancel(_ id: Int) {
        let (waiter, ready) = state.withLock { state -> (Waiter?, [(Waiter, Decision)]) in
            guard let place = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return (nil, [])
            }
            return (state.waiting.remove(at: place), decideWaiting(&state))
        }
        waiter?.continuation.resume(throwing: CancellationError())
        for (waiter, decision) in ready { resume(waiter, decision) }
    }

    /// Whoever waits longest is first; nobody overtakes.
    private func decideWaiting(_ state: inout State) -> [(Waiter, Decision)] {
        var ready: [(Waiter, Decision)] = []
        while let first = state.waiting.first {
            let decision = decide(first.amount, &state)
            guard decision != .later else { break }
            ready.append((state.waiting.removeFirst(), decision))
        }
        return ready
    }

    private func decide(_ amount: Spending, _ state: inout State) -> Decision {
        if budget.allows(state.used + state.reserved + amount) {
            state.reserved = state.reserved + amount
            return .granted
        }
        return budget.allows(state.used + amount) ? .later : .refused
    }

    private func resume(_ waiter: Waiter, _ decision: Decision) {
        switch decision {
        case .granted: waiter.continuation.resume()
        case .refused: waiter.continuation.resume(throwing: RunError.budgetExceeded)
        case .later: break
        }
    }
}
