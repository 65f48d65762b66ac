/// Who may write for runs: an instance whose latest start holds a lease, by the clock of the server where there is one.
public struct InstanceStore: Sendable {
    private let database: any Database
    private let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Registers a start. Runs of earlier starts of the same instance are free from here on.
    /// - Parameter lease: How long the start counts as alive without `renew`; nil for until the next start.
    public func start(_ id: String, lease: Duration? = nil) async throws -> Instance {
        try await database.write { [clock] transaction in
            let row = try transaction.one(
                """
                INSERT INTO instances (id, epoch, lease_until) VALUES (\(id), 1, \(Self.end(of: lease, from: transaction.sharedNow(clock))))
                ON CONFLICT (id) DO UPDATE SET epoch = instances.epoch + 1, lease_until = excluded.lease_until RETURNING epoch
                """
            )
            guard let row else { throw StoreError.failed("a new start was not returned") }
            return Instance(id: id, epoch: try row.int("epoch"))
        }
    }

    /// False when a later start has taken the place of this one: it must write no more.
    public func renew(_ instance: Instance, lease: Duration) async throws -> Bool {
        try await database.write { [clock] transaction in
            try transaction.execute(
                """
                UPDATE instances SET lease_until = \(Self.end(of: lease, from: transaction.sharedNow(clock)))
                WHERE id = \(instance.id) AND epoch = \(instance.epoch)
                """
            ) == 1
        }
    }

    private static func end(of lease: Duration?, from now: SQL) -> SQL {
        guard let lease else { return "\(Int64.max)" }
        // A hundred years, so that the sum stays within 64 bits.
        return "\(now) + \(min(lease, .seconds(3_155_760_000)).inMilliseconds)"
    }
}
