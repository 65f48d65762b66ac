import Logging
import Synchronization

/// The connections that read: as many threads, each with a connection of its own that it makes when it is first needed.
final class PostgresReaders: Sendable {
    /// A read is waited for as a write is.
    private typealias PendingRead<T: Sendable> = PendingWrite<T>

    private struct Job: Sendable {
        let deadline: ContinuousClock.Instant
        /// Gives what tells the caller.
        let perform: @Sendable (Transaction) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private enum Next {
        case job(Job)
        case rest, end
    }

    private struct State {
        var jobs: [Job] = []
        /// Those that rest, the one that worked last at the end.
        var resting: [Int] = []
        var isClosed = false
        var running = 0
    }

    private static let queueLimit = 65_536

    private let limits: PostgresLimits
    private let wakeUps: [WakeUp]
    private let state = Mutex(State())
    private let ending = Ending()

    init(of address: PostgresAddress, limits: PostgresLimits, logger: Logger) throws {
        self.limits = limits
        wakeUps = try (0..<address.readers).map { _ in try WakeUp() }
        for (number, wakeUp) in wakeUps.enumerated() {
            try PostgresThread.start("agent-db-read") { [self] in
                work(as: number, over: PostgresLink(to: address, limits: limits, wakeUp: wakeUp, logger: logger))
            }
            state.withLock { $0.running += 1 }
        }
    }

    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await enqueue(body).value
    }

    func readUntilCancelled<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await enqueue(body).valueUnlessCancelled
    }

    /// Everything that comes later fails with `StoreError.closed`.
    func stopAccepting() {
        state.withLock { $0.isClosed = true }
        for wakeUp in wakeUps { wakeUp.call() }
    }

    /// Returns when what was queued has been performed and the connections are closed.
    func close() async {
        stopAccepting()
        await ending.wait()
    }

    private func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingRead<T> {
        let pending = PendingRead<T>()
        enqueue(
            Job(
                deadline: .now + limits.wait,
                perform: { transaction in
                    let value = try body(transaction)
                    return { pending.decide(.success(value)) }
                },
                fail: { pending.decide(.failure($0)) }
            )
        )
        return pending
    }

    private func enqueue(_ job: Job) {
        let (refusal, resting) = state.withLock { state -> (StoreError?, Int?) in
            if state.isClosed { return (.closed, nil) }
            if state.jobs.count >= Self.queueLimit { return (.overloaded, nil) }
            state.jobs.append(job)
            return (nil, state.resting.popLast())
        }
        if let refusal { job.fail(refusal) }
        if let resting { wakeUps[resting].call() }
    }

    // MARK: On the threads

    private func work(as number: Int, over link: PostgresLink) {
        while true {
            switch next(for: number) {
            case .job(let job): perform(job, over: link)
            case .rest: link.rest()
            case .end:
                link.drop()
                if state.withLock({ state in
                    state.running -= 1
                    return state.running == 0
                }) {
                    ending.end()
                }
                return
            }
        }
    }

    private func next(for number: Int) -> Next {
        state.withLock { state in
            state.resting.removeAll { $0 == number }
            if !state.jobs.isEmpty { return .job(state.jobs.removeFirst()) }
            if state.isClosed { return .end }
            state.resting.append(number)
            return .rest
        }
    }

    /// A read that loses its connection is performed again on another.
    private func perform(_ job: Job, over link: PostgresLink) {
        var losses = 0
        while true {
            do {
                let connection = try link.connected(until: job.deadline)
                let announce = try read(job, on: connection)
                announce()
                // Nobody waits for this answer.
                _ = try? connection.run("COMMIT")
                return
            } catch StoreError.unreachable where losses < 3 && ContinuousClock.now < job.deadline {
                losses += 1
            } catch {
                if let connection = link.current, connection.isInsideTransaction { _ = try? connection.run("ROLLBACK") }
                job.fail(error)
                return
            }
        }
    }

    private func read(_ job: Job, on connection: PostgresConnection) throws -> @Sendable () -> Void {
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return try job.perform(Transaction(connection))
    }
}
