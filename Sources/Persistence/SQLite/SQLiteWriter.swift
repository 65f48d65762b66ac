import GRDB

/// The one writer of a database. What waits while a commit is under way becomes the next commit.
final class SQLiteWriter: Sendable {
    private let pool: DatabasePool
    private let queue = WriteQueue(groupLimit: 512)

    init(pool: DatabasePool) {
        self.pool = pool
    }

    var commitCount: Int { queue.commitCount }

    var statistics: WriteStatistics { queue.statistics }

    var refusal: StoreError? { queue.refusal }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        queue.enqueue(body) {
            pool.asyncWriteWithoutTransaction { [queue] connection in
                let commits = GroupCommit(connection: SQLiteWritingConnection(connection: connection, queue: queue), queue: queue)
                while let group = queue.nextGroup() { commits.perform(group) }
            }
        }
    }

    /// Everything that comes later fails with `StoreError.closed`.
    func stopAccepting() {
        queue.close()
    }
}
