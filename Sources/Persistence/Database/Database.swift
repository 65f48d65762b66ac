/// A database that every store speaks to in the same SQL.
public protocol Database: Sendable {
    /// Word of runs that have more to read; the database itself announces what is appended to their logs.
    var hints: any RunHints { get }

    /// False once a failed disk has made it stop taking writes for good.
    var takesWrites: Bool { get }

    var writeStatistics: WriteStatistics { get }

    /// Runs `body` in a transaction that sees one moment of the database and cannot write. It may run twice, when its connection was lost.
    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T

    /// The same for a caller who may go: cancelling it ends its wait, however long the read itself still takes.
    func readUntilCancelled<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T

    /// Puts a write in the queue and returns at once; writes are performed in the order in which they were put there.
    ///
    /// `body` is atomic: if it throws, nothing of it stays. It may run twice, when a transaction that it shared with others was lost.
    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T>

    /// Performs what is queued, refuses what comes later, and lets go of files and connections.
    func close() async throws
}

extension Database {
    public var hints: any RunHints { NoRunHints() }

    public var takesWrites: Bool { true }

    public var writeStatistics: WriteStatistics { WriteStatistics() }

    public func readUntilCancelled<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await read(body)
    }

    public func close() async throws {}

    /// Performs a write and returns when it is durable.
    ///
    /// Cancelling the caller drops a write that has not started and never touches one that has.
    @discardableResult
    public func write<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try Task.checkCancellation()
        return try await enqueue(body).valueUnlessCancelled
    }
}
