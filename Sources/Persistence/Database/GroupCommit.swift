/// Commits writes in groups, in their order: one fsync for many.
///
/// A group is one transaction with a savepoint before each write; only after its commit are the callers told. A write that throws goes back
/// to its savepoint and fails alone. Three rules for what goes wrong besides:
/// - When the whole transaction is lost, the writes of the group run again, each in a transaction of its own.
/// - A write that meets a lock or another's write (`StoreError.locked`, `.conflict`) ends its group: what came before it is committed, which
///   releases its locks, then it runs alone, then what came behind it. So no two processes wait for each other's groups, and order holds.
/// - Alone, a write that meets another's (`.conflict`) or loses its connection before the commit (`.unreachable`) is tried again a few times.
struct GroupCommit<Connection: WritingConnection> {
    private typealias Announcement = @Sendable () -> Void

    let connection: Connection
    let queue: WriteQueue

    func perform(_ group: [WriteJob]) {
        var rest = group[...]
        while !rest.isEmpty { rest = rest.dropFirst(performSome(of: rest)) }
    }

    /// How many writes were dealt with, one at least.
    private func performSome(of group: ArraySlice<WriteJob>) -> Int {
        guard group.count > 1 else { return performAlone(group) }
        var announcements: [Announcement] = []
        do {
            try connection.begin(isShared: true)
            for job in group {
                switch outcome(of: job) {
                case .success(let announce): announcements.append(announce)
                case .failure(let error) where !connection.isInsideTransaction || isLoss(error): return performAlone(group)
                case .failure(StoreError.locked), .failure(StoreError.conflict):
                    guard commit(group.prefix(announcements.count), announcements) else { return performAlone(group) }
                    return announcements.count + performAlone(group.dropFirst(announcements.count).prefix(1))
                case .failure(let error): announcements.append { job.fail(error) }
                }
            }
        } catch {
            connection.rollBack()
            if isLoss(error) { return performAlone(group) }
            fail(group, with: error)
            return group.count
        }
        return commit(group, announcements) ? group.count : performAlone(group)
    }

    /// False when the transaction was lost and its writes may run again.
    private func commit(_ group: ArraySlice<WriteJob>, _ announcements: [Announcement]) -> Bool {
        let start = ContinuousClock.now
        do {
            try connection.commit()
            queue.countCommit(since: start)
            for announce in announcements { announce() }
        } catch {
            connection.rollBack()
            if isLoss(error) { return false }
            fail(group, with: error)
        }
        return true
    }

    /// Each in a transaction of its own.
    private func performAlone(_ group: ArraySlice<WriteJob>) -> Int {
        for job in group {
            var triesLeft = max(1, connection.tries)
            while triesLeft > 0 {
                triesLeft -= 1
                do {
                    try connection.begin(isShared: false)
                    let announce = try job.perform(connection.transaction)
                    let start = ContinuousClock.now
                    try connection.commit()
                    queue.countCommit(since: start)
                    announce()
                    break
                } catch {
                    connection.rollBack()
                    let error = connection.translating(error)
                    if triesLeft > 0, [.conflict, .unreachable].contains(error as? StoreError) {
                        connection.giveWay()
                        continue
                    }
                    job.fail(error)
                    break
                }
            }
        }
        return group.count
    }

    /// Performs one write behind a savepoint. After a failure the transaction may be gone as well.
    private func outcome(of job: WriteJob) -> Result<Announcement, any Error> {
        do {
            try connection.mark()
            let announce = try job.perform(connection.transaction)
            try connection.keep()
            return .success(announce)
        } catch {
            let error = connection.translating(error)
            guard connection.isInsideTransaction else { return .failure(error) }
            do {
                try connection.takeBack()
            } catch {
                // What the savepoint held cannot be taken back by itself.
                connection.rollBack()
            }
            return .failure(error)
        }
    }

    private func isLoss(_ error: any Error) -> Bool {
        (connection.translating(error) as? StoreError) == .unreachable
    }

    private func fail(_ group: ArraySlice<WriteJob>, with error: any Error) {
        let error = connection.translating(error)
        for job in group { job.fail(error) }
    }
}
