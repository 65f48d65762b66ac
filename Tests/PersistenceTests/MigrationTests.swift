import Persistence
import Synchronization
import Testing

@Suite struct MigrationTests {
    @Test func everyStepIsAppliedOnceAndSaid() async throws {
        try await withTemporaryFolder { folder in
            let database = try await SQLiteDatabase.open(path: folder + "/test.db")
            let said = Mutex<[Int]>([])
            let applied = try await database.migrate { step in said.withLock { $0.append(step.version) } }
            #expect(applied.map(\.version) == Migrations.all.map(\.version))
            #expect(said.withLock { $0 } == applied.map(\.version))
            #expect(try await database.migrate().isEmpty)
            #expect(try await database.isMigrated())
            try await database.close()
        }
    }

    @Test func versionsRiseByOne() {
        #expect(Migrations.all.map(\.version) == Array(1...Migrations.all.count))
    }

    @Test func aNewerSchemaIsRefused() async throws {
        try await withDatabase { database in
            try await database.write { try $0.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'later', 0)") }
            await #expect(throws: StoreError.newerSchema(found: 999, known: Migrations.all.count)) { try await database.migrate() }
        }
    }

    @Test func twoProcessesMayMigrateAtOnce() async throws {
        try await withTemporaryFolder { folder in
            let first = try await SQLiteDatabase.open(path: folder + "/test.db")
            let second = try await SQLiteDatabase.open(path: folder + "/test.db")
            async let one = first.migrate()
            async let two = second.migrate()
            let applied = try await one.map(\.version) + two.map(\.version)
            #expect(applied.sorted() == Migrations.all.map(\.version))
            try await first.close()
            try await second.close()
        }
    }

    @Test func onlyThreeColumnTypesAreUsed() async throws {
        try await withDatabase { database in
            let types = try await database.read { transaction in
                try transaction.all(
                    "SELECT DISTINCT c.type AS type FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1"
                ).map { try $0.text("type") }
            }
            #expect(Set(types).isSubset(of: ["TEXT", "BIGINT", "DOUBLE PRECISION"]))
        }
    }
}
