import Logging

/// The one writer of an instance: a thread with a connection of its own, which commits in groups.
///
/// One connection and not one a run, because order is then simply that of the queue, for a run's events and for the writes of its tools alike,
/// and because a commit's fsync is shared by all that wait. A write that meets a lock holds up those behind it for as long as `PostgresLimits`
/// allows; locks are held for the length of a commit, as no transaction is open across an `await`.
final class PostgresWriter: Sendable {
    /// As many subtransactions as the server keeps at hand: PGPROC_MAX_CACHED_SUBXIDS of
    /// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/storage/proc.h
    private let queue = WriteQueue(groupLimit: 64)
    private let limits: PostgresLimits
    private let wakeUp: WakeUp
    private let ending = Ending()

    init(to address: PostgresAddress, limits: PostgresLimits, logger: Logger) throws {
        self.limits = limits
        wakeUp = try WakeUp()
        try PostgresThread.start("agent-db-write") { [self] in
            work(over: PostgresLink(to: address, limits: limits, wakeUp: wakeUp, logger: logger))
        }
    }

    var commitCount: Int { queue.commitCount }

    var statistics: WriteStatistics { queue.statistics }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        queue.enqueue(body) { wakeUp.call() }
    }

    /// Everything that comes later fails with `StoreError.closed`.
    func stopAccepting() {
        queue.close()
        wakeUp.call()
    }

    /// Returns when what was queued has been performed and the connection is closed.
    func close() async {
        stopAccepting()
        await ending.wait()
    }

    private func work(over link: PostgresLink) {
        let commits = GroupCommit(connection: PostgresWritingConnection(over: link), queue: queue)
        while true {
            if let first = queue.firstWaiting() {
                do {
                    _ = try link.connected(until: first + limits.wait)
                    if let group = queue.nextGroup() { commits.perform(group) }
                } catch {
                    queue.fail(enqueuedBy: .now - limits.wait, with: .unreachable)
                }
            } else if queue.refusal != nil {
                break
            } else {
                link.rest()
            }
        }
        link.drop()
        ending.end()
    }
}
