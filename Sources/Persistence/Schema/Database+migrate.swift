extension Database {
    /// Brings the schema up to date, each step in a transaction of its own, and gives the steps that were applied.
    ///
    /// Processes may do so at once: each step is applied by one of them, and the others wait for it. Throws `StoreError.newerSchema` and changes
    /// nothing when the database was made by a newer version of the program.
    @discardableResult
    public func migrate(
        _ migrations: [Migration] = Migrations.all,
        clock: WallClock = .system,
        progress: @Sendable (Migration) -> Void = { _ in }
    ) async throws -> [Migration] {
        var applied: [Migration] = []
        while let migration = try await write({ try $0.applyNext(of: migrations, at: clock.now) }) {
            applied.append(migration)
            progress(migration)
        }
        return applied
    }

    /// Whether `migrate` has begun here once.
    public func hasTables() async throws -> Bool {
        do {
            _ = try await read { try $0.all("SELECT version FROM schema_migrations LIMIT 1") }
            return true
        } catch StoreError.failed {
            return false
        }
    }

    /// Whether the schema is the one that this program was built for; for a database that was migrated once.
    public func isMigrated() async throws -> Bool {
        try await readUntilCancelled { try $0.pending(Migrations.all).isEmpty }
    }
}

extension Transaction {
    /// Nil when there is nothing left to do.
    fileprivate func applyNext(of migrations: [Migration], at now: Timestamp) throws -> Migration? {
        try lockSchema()
        try execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"
        )
        guard let migration = try pending(migrations).first else { return nil }
        for statement in migration.statements { try execute(statement) }
        try execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (\(migration.version), \(migration.name), \(now))")
        return migration
    }

    fileprivate func pending(_ migrations: [Migration]) throws -> [Migration] {
        let known = migrations.map(\.version).max() ?? 0
        let versions = try all("SELECT version FROM schema_migrations").map { try $0.int("version") }
        if let newest = versions.max(), newest > known { throw StoreError.newerSchema(found: newest, known: known) }
        return migrations.filter { !versions.contains($0.version) }
    }
}
