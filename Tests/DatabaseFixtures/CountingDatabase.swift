public import Persistence
import Synchronization

/// Counts how often writes are performed: a write that met a deadlock is performed again.
public final class CountingDatabase: Database {
    private let base: any Database
    private let counts = Mutex((enqueued: 0, performed: 0))

    public init(_ base: any Database) {
        self.base = base
    }

    public var enqueued: Int { counts.withLock { $0.enqueued } }
    public var performed: Int { counts.withLock { $0.performed } }

    public func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await base.read(body)
    }

    public func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        counts.withLock { $0.enqueued += 1 }
        return base.enqueue { [self] transaction throws -> T in
            counts.withLock { $0.performed += 1 }
            return try body(transaction)
        }
    }

    public func close() async throws {
        try await base.close()
    }
}
