extension Database {
    /// Brings the schema up to date, each step in a transaction of its own, and gives the steps that were applied.
    ///
    /// Two processes may do so at once: each step is applied by one of them. Throws `StoreError.newerSchema` and changes nothing when the
    /// database was made by a newer version of the program.
    @discardableResult
    public func migrate(
        _ migrations: [Migration] = Migrations.all,
        clock: WallClock = .system,
        progress: @Sendable (Migration) -> Void = { _ in }
    ) async throws -> [Migration] {
        try await write { transaction in
            try transaction.execute(
                "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"
            )
        }
        var applied: [Migration] = []
        for migration in try await pending(migrations) {
            guard try await write({ try $0.apply(migration, at: clock.now) }) else { continue }
            applied.append(migration)
            progress(migration)
        }
        return applied
    }

    /// Whether the schema is the one that this program was built for; for a database that was migrated once.
    public func isMigrated() async throws -> Bool {
        try await pending(Migrations.all).isEmpty
    }

    private func pending(_ migrations: [Migration]) async throws -> [Migration] {
        let known = migrations.map(\.version).max() ?? 0
        let versions = try await read { transaction in
            try transaction.all("SELECT version FROM schema_migrations").map { try $0.int("version") }
        }
        if let newest = versions.max(), newest > known { throw StoreError.newerSchema(found: newest, known: known) }
        return migrations.filter { !versions.contains($0.version) }
    }
}

extension Transaction {
    /// False when another process has applied the step in the meantime.
    fileprivate func apply(_ migration: Migration, at now: Timestamp) throws -> Bool {
        let isNew = try one(
            """
            INSERT INTO schema_migrations (version, name, applied_at) VALUES (\(migration.version), \(migration.name), \(now))
            ON CONFLICT (version) DO NOTHING RETURNING version
            """
        )
        guard isNew != nil else { return false }
        for statement in migration.statements { try execute(statement) }
        return true
    }
}
