import AgentRuntime
import Synchronization

/// One write, whatever it gives.
struct WriteJob: Sendable {
    let enqueuedAt: ContinuousClock.Instant
    /// False when the caller has dropped it.
    let start: @Sendable () -> Bool
    /// Gives what tells the caller, once the commit is made.
    let perform: @Sendable (Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void
}

/// The writes that wait for the one writer of a database, in order.
final class WriteQueue: Sendable {
    private struct State {
        var jobs: [WriteJob] = []
        /// Whether the writer is awake, and will look here before it rests.
        var isDraining = false
        var refusal: StoreError?
        var refused = 0
        var commits = Histogram.latencies
    }

    private static let limit = 65_536

    /// One commit's locks, and what a failed commit takes with it, stay small.
    private let groupLimit: Int
    private let state = Mutex(State())

    init(groupLimit: Int) {
        self.groupLimit = groupLimit
    }

    /// Commits made so far; each may hold many writes.
    var commitCount: Int { state.withLock { $0.commits.count } }

    var statistics: WriteStatistics {
        state.withLock { WriteStatistics(waiting: $0.jobs.count, refused: $0.refused, commits: $0.commits) }
    }

    /// Why no write is taken any more.
    var refusal: StoreError? { state.withLock { $0.refusal } }

    /// - Parameter wake: Called inside the lock when the writer rests, so that a closing database finds it awake already.
    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T, wake: () -> Void) -> PendingWrite<T> {
        let pending = PendingWrite<T>()
        let job = WriteJob(
            enqueuedAt: .now,
            start: { pending.start() },
            perform: { transaction in
                let value = try body(transaction)
                return { pending.decide(.success(value)) }
            },
            fail: { pending.decide(.failure($0)) }
        )
        let refusal: StoreError? = state.withLock { state in
            if let refusal = state.refusal { return refusal }
            guard state.jobs.count < Self.limit else {
                state.refused += 1
                return .overloaded
            }
            state.jobs.append(job)
            if !state.isDraining {
                state.isDraining = true
                wake()
            }
            return nil
        }
        if let refusal { job.fail(refusal) }
        return pending
    }

    /// Everything that comes later fails with `StoreError.closed`.
    func close() {
        state.withLock { $0.refusal = $0.refusal ?? .closed }
    }

    /// Everything that comes later fails with `StoreError.writesStopped`.
    func stop() {
        state.withLock { $0.refusal = .writesStopped }
    }

    /// - Parameter start: When the commit was begun.
    func countCommit(since start: ContinuousClock.Instant) {
        let time = ContinuousClock.now - start
        state.withLock { $0.commits.record(time) }
    }

    /// When the write that has waited longest came; nil when none waits, and then the writer may rest until it is woken.
    func firstWaiting() -> ContinuousClock.Instant? {
        state.withLock { state in
            if state.jobs.isEmpty { state.isDraining = false }
            return state.jobs.first?.enqueuedAt
        }
    }

    /// Fails the writes that came by `moment`.
    func fail(enqueuedBy moment: ContinuousClock.Instant, with error: StoreError) {
        let late = state.withLock { state in
            let late = Array(state.jobs.prefix { $0.enqueuedAt <= moment })
            state.jobs.removeFirst(late.count)
            return late
        }
        for job in late { job.fail(error) }
    }

    /// The writes of the next commit, started; nil when none waits, and then the writer may rest until it is woken.
    func nextGroup() -> [WriteJob]? {
        let group: [WriteJob]? = state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isDraining = false
                return nil
            }
            let group = Array(state.jobs.prefix(groupLimit))
            state.jobs.removeFirst(group.count)
            return group
        }
        return group?.filter { $0.start() }
    }
}
