/// Who may write for runs: an instance whose latest start holds a lease, by the clock of the server where there is one.
public struct InstanceStore: Sendable {
    private let database: any Database
    private let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Registers a start. Runs of earlier starts of the same instance are free from here on.
    /// - Parameters:
    ///   - lease: How long the start counts as alive without `renew`; nil for until the next start.
    ///   - takesUpRuns: Whether others may leave their runs to it.
    public func start(_ id: String, lease: Duration? = nil, takesUpRuns: Bool = true) async throws -> Instance {
        try await database.write { [clock] transaction in
            // Starts that are long over; runs of an unknown start are free.
            try transaction.execute("DELETE FROM instances WHERE id <> \(id) AND lease_until < \(transaction.sharedNow(clock)) - 86400000")
            let row = try transaction.one(
                """
                INSERT INTO instances (id, epoch, lease_until, takes_up_runs)
                VALUES (\(id), 1, \(Self.end(of: lease, from: transaction.sharedNow(clock))), \(takesUpRuns))
                ON CONFLICT (id) DO UPDATE SET epoch = instances.epoch + 1, lease_until = excluded.lease_until,
                takes_up_runs = excluded.takes_up_runs RETURNING epoch
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

    /// The instance takes up no more runs, though it still carries out its own.
    public func withdraw(_ instance: Instance) async throws {
        try await database.write {
            try $0.execute("UPDATE instances SET takes_up_runs = 0 WHERE id = \(instance.id) AND epoch = \(instance.epoch)")
        }
    }

    /// Gives the lease back: the instance carries out nothing more, and its runs are free at once.
    public func release(_ instance: Instance) async throws {
        try await database.write {
            try $0.execute("UPDATE instances SET lease_until = 0 WHERE id = \(instance.id) AND epoch = \(instance.epoch)")
        }
    }

    /// Whether another instance is alive that takes up runs.
    public func hasOthers(than instance: Instance) async throws -> Bool {
        try await database.read { [clock] transaction in
            let now = transaction.sharedNow(clock)
            return try transaction.one(
                "SELECT id FROM instances WHERE id <> \(instance.id) AND lease_until >= \(now) AND takes_up_runs = 1 LIMIT 1"
            ) != nil
        }
    }

    /// An element whenever somebody wants a run of the instance to end.
    public func hints(of instance: Instance) -> AsyncStream<Void> {
        database.hints.hints(of: instance.id)
    }

    private static func end(of lease: Duration?, from now: SQL) -> SQL {
        guard let lease else { return "\(Int64.max)" }
        // A hundred years, so that the sum stays within 64 bits.
        return "\(now) + \(min(lease, .seconds(3_155_760_000)).inMilliseconds)"
    }
}
