import GRDB
import Synchronization

/// The one writer of a database. What waits while a commit is under way becomes the next commit: one fsync for many writes.
///
/// A group is `BEGIN IMMEDIATE`, a savepoint for each write, `COMMIT`; only then are the callers told. A write that throws goes back to its
/// savepoint and fails alone. When the whole transaction was lost with it, as SQLite may do on a full disk, the writes of the group run
/// again, each in a transaction of its own, once.
final class SQLiteWriter: Sendable {
    private struct Job: Sendable {
        /// False when the caller has dropped it.
        let start: @Sendable () -> Bool
        /// Gives what tells the caller, once the commit is made.
        let perform: @Sendable (Transaction) throws -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var queue: [Job] = []
        var isDraining = false
        var refusal: StoreError?
        var commitCount = 0
    }

    /// One commit's locks, and what a failed commit takes with it, stay small.
    private static let groupLimit = 512
    private static let queueLimit = 65_536

    private let pool: DatabasePool
    private let state = Mutex(State())

    init(pool: DatabasePool) {
        self.pool = pool
    }

    var commitCount: Int { state.withLock { $0.commitCount } }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        let pending = PendingWrite<T>()
        let job = Job(
            start: { pending.start() },
            perform: { transaction in
                let value = try body(transaction)
                return { pending.decide(.success(value)) }
            },
            fail: { pending.decide(.failure($0)) }
        )
        enqueue(job)
        return pending
    }

    /// Everything that comes later fails with `StoreError.closed`.
    func stopAccepting() {
        state.withLock { $0.refusal = $0.refusal ?? .closed }
    }

    private func enqueue(_ job: Job) {
        let refusal: StoreError? = state.withLock { state in
            if let refusal = state.refusal { return refusal }
            guard state.queue.count < Self.queueLimit else { return .overloaded }
            state.queue.append(job)
            if !state.isDraining {
                state.isDraining = true
                // Inside the lock, so that a closing database finds the drain already in its queue.
                pool.asyncWriteWithoutTransaction { self.drain(on: $0) }
            }
            return nil
        }
        if let refusal { job.fail(refusal) }
    }

    private func drain(on connection: GRDB.Database) {
        while let group = nextGroup() {
            let started = group.filter { $0.start() }
            if !started.isEmpty { commit(started, on: connection) }
        }
    }

    private func nextGroup() -> [Job]? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.isDraining = false
                return nil
            }
            let group = Array(state.queue.prefix(Self.groupLimit))
            state.queue.removeFirst(group.count)
            return group
        }
    }

    private func commit(_ group: [Job], on connection: GRDB.Database) {
        do {
            try begin(on: connection)
            var announcements: [@Sendable () -> Void] = []
            for job in group {
                let outcome = perform(job, on: connection)
                guard connection.isInsideTransaction else { return commitEachAlone(group, on: connection) }
                switch outcome {
                case .success(let announce): announcements.append(announce)
                case .failure(let error): announcements.append { job.fail(error) }
                }
            }
            try commit(on: connection)
            for announce in announcements { announce() }
        } catch {
            abandon(on: connection)
            let error = StoreError.translating(error)
            for job in group { job.fail(error) }
        }
    }

    private func commitEachAlone(_ group: [Job], on connection: GRDB.Database) {
        for job in group {
            do {
                try begin(on: connection)
                let announce = try job.perform(Transaction(connection))
                try commit(on: connection)
                announce()
            } catch {
                abandon(on: connection)
                job.fail(StoreError.translating(error))
            }
        }
    }

    /// Performs one write in its savepoint. After a failure the transaction may be gone as well.
    private func perform(_ job: Job, on connection: GRDB.Database) -> Result<@Sendable () -> Void, any Error> {
        do {
            try connection.run("SAVEPOINT write")
            let announce = try job.perform(Transaction(connection))
            try connection.run("RELEASE write")
            return .success(announce)
        } catch {
            let error = StoreError.translating(error)
            guard connection.isInsideTransaction else { return .failure(error) }
            do {
                try connection.run("ROLLBACK TO write")
                try connection.run("RELEASE write")
            } catch {
                // What the savepoint held cannot be taken back by itself.
                abandon(on: connection)
            }
            return .failure(error)
        }
    }

    private func begin(on connection: GRDB.Database) throws {
        if let refusal = state.withLock({ $0.refusal == .writesStopped ? $0.refusal : nil }) { throw refusal }
        abandon(on: connection)
        try connection.beginTransaction(.immediate)
    }

    private func commit(on connection: GRDB.Database) throws {
        do {
            try connection.commit()
            state.withLock { $0.commitCount += 1 }
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_IOERR_FSYNC {
            // The kernel may have dropped the pages and call the next fsync a success: https://wiki.postgresql.org/wiki/Fsync_Errors
            state.withLock { $0.refusal = .writesStopped }
            throw StoreError.writesStopped
        }
    }

    private func abandon(on connection: GRDB.Database) {
        guard connection.isInsideTransaction else { return }
        // ROLLBACK fails only when SQLite has rolled back already.
        try? connection.rollback()
    }
}
