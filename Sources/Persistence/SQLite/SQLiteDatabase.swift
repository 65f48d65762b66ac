import Dispatch
import FoundationEssentials
import GRDB

/// SQLite in write-ahead mode: many readers, and one writer that commits in groups.
///
/// Every statement, commit and fsync runs on GRDB's own queues, never on the cooperative pool.
public final class SQLiteDatabase: Database {
    /// The settings that durability depends on, as the open connection reports them.
    public let settings: SQLiteSettings
    public let hints: any RunHints = LocalRunHints()

    private let pool: DatabasePool
    private let writer: SQLiteWriter

    /// Opens the file, making it (mode 0600) and its folder (mode 0700) when they are missing.
    /// - Parameter busyTimeout: How long a write waits for another process that is writing, before `StoreError.locked`.
    public static func open(path: String, busyTimeout: Duration = .seconds(5)) async throws -> SQLiteDatabase {
        try await DispatchQueue.global().perform { try SQLiteDatabase(path: path, busyTimeout: busyTimeout) }
    }

    private init(path: String, busyTimeout: Duration) throws {
        try SQLiteFile.prepare(path)
        do {
            pool = try DatabasePool(path: path, configuration: SQLiteDatabase.configuration(busyTimeout: busyTimeout))
            settings = try pool.writeWithoutTransaction { try SQLiteSettings.makeDurable($0) }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
        writer = SQLiteWriter(pool: pool)
    }

    /// Commits made so far; each may hold many writes.
    public var commitCount: Int { writer.commitCount }

    public var writeStatistics: WriteStatistics { writer.statistics }

    public var takesWrites: Bool { writer.refusal != .writesStopped }

    public func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            read(body) { continuation.resume(with: $0) }
        }
    }

    public func readUntilCancelled<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        // Never started, so that it can be dropped until it is decided.
        let pending = PendingWrite<T>()
        read(body) { pending.decide($0) }
        return try await pending.valueUnlessCancelled
    }

    public func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        writer.enqueue(body)
    }

    /// Performs what is queued, refuses what comes later, and folds the write-ahead log into the file.
    public func close() async throws {
        writer.stopAccepting()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // Stands behind the writer's last group in the same serial queue.
            pool.asyncWriteWithoutTransaction { [pool] connection in
                // A failed checkpoint loses nothing: the next opening reads the log.
                _ = try? connection.checkpoint(.truncate)
                DispatchQueue.global().async {
                    continuation.resume(
                        with: Result {
                            do { try pool.close() } catch let error as DatabaseError { throw StoreError(error) }
                        }
                    )
                }
            }
        }
    }

    private func read<T>(
        _ body: @Sendable @escaping (Transaction) throws -> T,
        tell: @Sendable @escaping (Result<T, any Error>) -> Void
    ) {
        pool.asyncRead { result in
            tell(
                Result {
                    do {
                        return try body(Transaction(try result.get()))
                    } catch let error as DatabaseError {
                        throw StoreError(error)
                    }
                }
            )
        }
    }

    private static func configuration(busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "persistence"
        configuration.busyMode = .timeout(Double(busyTimeout.components.seconds) + Double(busyTimeout.components.attoseconds) / 1e18)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        // The writer itself rolls back what a failed commit leaves open; GRDB would end the process.
        configuration.allowsUnsafeTransactions = true
        return configuration
    }
}
