import AgentRuntime
import Dispatch
import Synchronization

/// The jobs that wait for a hashing thread: bounded, first come first served, and dropped when nobody wants them any more.
final class HashQueue: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct Job: Sendable {
        let id: UInt64
        let postedAt: Instant
        let isWanted: @Sendable () -> Bool
        let run: @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var lastID: UInt64 = 0
        var isClosed = false
        /// Of the last job, in seconds.
        var cost = 0.02
        var waits = Histogram.latencies
        var refused = 0
    }

    private let capacity: Int
    private let patience: Duration
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())
    /// Counts what was posted; a job that was dropped leaves its count behind.
    private let posted = DispatchSemaphore(value: 0)

    /// - Parameter patience: A job that waited longer is dropped: whoever sent it has given up or soon will.
    init(capacity: Int, patience: Duration = .seconds(2), now: @escaping @Sendable () -> Instant = { ContinuousClock.now }) {
        self.capacity = capacity
        self.patience = patience
        self.now = now
    }

    /// How many jobs wait at this moment.
    var waiting: Int { state.withLock { $0.jobs.count } }

    /// What it has come to so far.
    struct Statistics: Sendable {
        var waiting = 0
        /// Jobs that were refused since too many waited, or they themselves too long.
        var refused = 0
        /// How long jobs waited for a thread, in seconds.
        var waits = Histogram.latencies
    }

    var statistics: Statistics {
        state.withLock { Statistics(waiting: $0.jobs.count, refused: $0.refused, waits: $0.waits) }
    }

    /// Runs `work` on a hashing thread. Throws `PasswordHasher.Refusal.busy` when the queue is full or the job waited too long.
    func perform<T: Sendable>(isWanted: @escaping @Sendable () -> Bool, _ work: @escaping @Sendable () throws -> T) async throws -> T {
        let id = state.withLock { state in
            state.lastID &+= 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = Job(
                    id: id,
                    postedAt: now(),
                    isWanted: isWanted,
                    run: { continuation.resume(with: Result { try work() }) },
                    fail: { continuation.resume(throwing: $0) }
                )
                post(job)
                if Task.isCancelled { drop(id) }
            }
        } onCancel: {
            drop(id)
        }
    }

    /// For a hashing thread: waits for the next job that is still wanted and runs it. False when the queue was closed.
    func runNext() -> Bool {
        posted.wait()
        guard let job = take() else { return !state.withLock { $0.isClosed } }
        let start = now()
        state.withLock { $0.waits.record(start - job.postedAt) }
        guard start - job.postedAt <= patience else {
            job.fail(busy(waiting: waiting))
            return true
        }
        guard job.isWanted() else {
            job.fail(CancellationError())
            return true
        }
        job.run()
        let cost = Self.seconds(now() - start)
        state.withLock { $0.cost = cost }
        return true
    }

    /// Lets the threads end; what still waits is refused.
    func close() {
        let rest = state.withLock { state in
            state.isClosed = true
            return exchange(&state.jobs, with: [])
        }
        for job in rest { job.fail(CancellationError()) }
        posted.signal()
    }

    private func post(_ job: Job) {
        let waiting: Int? = state.withLock { state in
            guard state.jobs.count < capacity, !state.isClosed else { return state.jobs.count }
            state.jobs.append(job)
            return nil
        }
        if let waiting {
            job.fail(busy(waiting: waiting))
        } else {
            posted.signal()
        }
    }

    private func take() -> Job? {
        let job = state.withLock { state in state.jobs.isEmpty ? nil : state.jobs.removeFirst() }
        // Each thread that ends wakes the next.
        if job == nil, state.withLock({ $0.isClosed }) { posted.signal() }
        return job
    }

    private func drop(_ id: UInt64) {
        let job = state.withLock { state in
            state.jobs.firstIndex { $0.id == id }.map { state.jobs.remove(at: $0) }
        }
        job?.fail(CancellationError())
    }

    /// When what waits now will be done, and a little later for some than for others, so that they do not come back together.
    private func busy(waiting: Int) -> PasswordHasher.Refusal {
        let seconds = state.withLock { state in
            state.refused += 1
            return state.cost * Double(waiting)
        }
        return .busy(seconds: Int(min(seconds, 30).rounded(.up)) + Int.random(in: 1...3))
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
