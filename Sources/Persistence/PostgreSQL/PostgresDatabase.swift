public import Logging

/// PostgreSQL through libpq: connections that read, and one writer that commits in groups.
///
/// Every wait is on a thread of its own, never on the cooperative pool, and has an end. A connection that breaks is replaced; reads, and writes
/// that were lost before their commit, are then performed again. Connections keep state in their session (settings, prepared statements), so
/// what stands between must keep a session together.
public final class PostgresDatabase: Database {
    /// The settings that durability depends on, as the server reports them.
    public let settings: PostgresSettings
    public let hints: any RunHints

    private let readers: PostgresReaders
    private let writer: PostgresWriter
    private let listener: PostgresRunHints

    /// Connects once, to see that everything is as it must be. The schema is not looked at: call `migrate()`.
    public static func open(_ address: PostgresAddress, logger: Logger = Logger(label: "database")) async throws -> PostgresDatabase {
        try await open(address, limits: PostgresLimits(), logger: logger)
    }

    static func open(
        _ address: PostgresAddress,
        limits: PostgresLimits,
        logger: Logger = Logger(label: "database")
    ) async throws -> PostgresDatabase {
        let settings = try await withCheckedThrowingContinuation { continuation in
            do {
                try PostgresThread.start("agent-db-open") {
                    continuation.resume(with: Result { try PostgresSettings(of: address, limits) })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return try PostgresDatabase(address, settings, limits, logger)
    }

    private init(_ address: PostgresAddress, _ settings: PostgresSettings, _ limits: PostgresLimits, _ logger: Logger) throws {
        self.settings = settings
        writer = try PostgresWriter(to: address, limits: limits, logger: logger)
        readers = try PostgresReaders(of: address, limits: limits, logger: logger)
        listener = try PostgresRunHints(of: address, limits: limits, logger: logger)
        hints = listener
    }

    deinit {
        writer.stopAccepting()
        readers.stopAccepting()
        listener.stop()
    }

    /// Commits made so far; each may hold many writes.
    public var commitCount: Int { writer.commitCount }

    public var writeStatistics: WriteStatistics { writer.statistics }

    public func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await readers.read(body)
    }

    public func readUntilCancelled<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await readers.readUntilCancelled(body)
    }

    public func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        writer.enqueue(body)
    }

    /// Performs what is queued, refuses what comes later, and closes the connections.
    public func close() async throws {
        await writer.close()
        await readers.close()
        await listener.close()
    }
}
