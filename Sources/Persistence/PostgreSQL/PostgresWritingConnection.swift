import CPostgres

/// A writer's connection. Confined to the writer's thread.
///
/// Each transaction takes its number with `BEGIN`. When the connection is lost during `COMMIT`, the server is asked on another what became of that
/// number; only when it cannot say is the outcome unknown.
final class PostgresWritingConnection: WritingConnection {
    let tries = 3

    private let link: PostgresLink
    /// What the open transaction is on.
    private var connection: PostgresConnection?
    private var number: PostgresTransactionNumber?
    private var hasSavepoint = false
    /// Until when a lost connection is waited for, by all whom it concerns.
    private var patience: ContinuousClock.Instant?

    init(over link: PostgresLink) {
        self.link = link
    }

    var isInsideTransaction: Bool { connection?.isInsideTransaction ?? false }

    var transaction: Transaction {
        guard let connection else { return Transaction(perform: { _ in throw StoreError.unreachable }) }
        return Transaction(connection)
    }

    func begin(isShared: Bool) throws {
        rollBack()
        let deadline = patience ?? .now + link.limits.wait
        patience = deadline
        let connection = try link.connected(until: deadline)
        patience = nil
        connection.answerLimit = link.limits.answer
        hasSavepoint = false
        // Before the beginning, which may fail behind its BEGIN: what it has opened must be rolled back.
        self.connection = connection
        number = try PostgresTransactionNumber(beginningOn: connection, with: isShared ? link.limits.groupLock : link.limits.lock)
    }

    func mark() throws {
        // The one before is let go of in the same message.
        try open().run(hasSavepoint ? "RELEASE write; SAVEPOINT write" : "SAVEPOINT write")
        hasSavepoint = true
    }

    func keep() throws {
        // A failed transaction, whose error somebody has caught, must not become a commit.
        guard try open().canCommit else { throw StoreError.failed("an error of a statement was caught inside a transaction") }
    }

    func takeBack() throws {
        try open().run("ROLLBACK TO write")
    }

    func commit() throws {
        let connection = try open()
        guard connection.canCommit else { throw StoreError.failed("the transaction had failed or ended before its commit") }
        do {
            guard try connection.run("COMMIT").command == "COMMIT" else { throw StoreError.failed("the server rolled back instead of committing") }
        } catch {
            guard connection.isBroken else { throw error }
            try settle()
        }
    }

    func rollBack() {
        defer { connection = nil }
        guard let connection, connection.isInsideTransaction else { return }
        // Fails only with the connection, and then the server rolls back.
        _ = try? connection.run("ROLLBACK")
    }

    func giveWay() {
        link.pause()
    }

    func translating(_ error: any Error) -> any Error { error }

    private func open() throws -> PostgresConnection {
        guard let connection, !connection.isBroken else { throw StoreError.unreachable }
        return connection
    }

    /// Returns when the transaction was committed; throws `StoreError.unreachable` when it certainly was not, else `.outcomeUnknown`.
    private func settle() throws {
        link.drop()
        let deadline = ContinuousClock.now + link.limits.wait
        while let number, let connection = try? link.connected(until: deadline) {
            switch number.outcome(on: connection) {
            case .committed: return
            case .rolledBack: throw StoreError.unreachable
            case .unknown: throw StoreError.outcomeUnknown
            case .undecided:
                guard ContinuousClock.now < deadline else { throw StoreError.outcomeUnknown }
                link.pause()
            }
        }
        throw StoreError.outcomeUnknown
    }
}
