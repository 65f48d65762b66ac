import DatabaseFixtures
import Persistence
import Synchronization
import Testing

@Suite struct MigrationTests {
    @Test(arguments: Driver.all) func everyStepIsAppliedOnceAndSaid(on driver: Driver) async throws {
        try await withAddress(on: driver) { address in
            let database = try await address.open()
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

    @Test(arguments: Driver.all) func aNewerSchemaIsRefusedNamingBothVersions(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            try await database.write { try $0.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'later', 0)") }
            let refusal = StoreError.newerSchema(found: 999, known: Migrations.all.count)
            await #expect(throws: refusal) { try await database.migrate() }
            await #expect(throws: refusal) { try await database.isMigrated() }
            #expect("\(refusal)".contains("999") && "\(refusal)".contains("\(Migrations.all.count)"))
        }
    }

    @Test(arguments: Driver.all) func severalProcessesMayMigrateAtOnce(on driver: Driver) async throws {
        try await withAddress(on: driver) { address in
            let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let database = try await address.open()
                        let applied = try await database.migrate().map(\.version)
                        #expect(try await database.isMigrated())
                        try await database.close()
                        return applied
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Migrations.all.map(\.version))
        }
    }

    @Test(arguments: Driver.all) func onlyThreeColumnTypesAreUsed(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let query: SQL =
                switch driver {
                case .sqlite: "SELECT DISTINCT c.type AS type FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1"
                case .postgres: "SELECT DISTINCT upper(data_type) AS type FROM information_schema.columns WHERE table_schema = current_schema()"
                }
            let types = try await database.read { transaction in try transaction.all(query).map { try $0.text("type") } }
            #expect(types.contains("TEXT"))
            #expect(Set(types).isSubset(of: ["TEXT", "BIGINT", "DOUBLE PRECISION"]))
        }
    }
}
