import DatabaseFixtures
import Foundation
import Subprocess
import Testing

@testable import Persistence

@Suite struct BackupTests {
    /// what was acknowledged before the copy began is in it, whole, while others write.
    @Test func r119_aCopyMadeUnderLoadIsWholeAndHoldsEverythingAcknowledgedBefore() async throws {
        try await withTemporaryFolder { folder in
            let address = DatabaseAddress.sqlite(path: folder + "/live.db")
            let database = try await SQLiteDatabase.open(path: folder + "/live.db")
            try await database.migrate()
            let stores = Stores(database: database)
            let ada = try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let todos = stores.todos.todos(of: ada.id)
            for number in 1...20 { _ = try await todos.add(title: "before \(number)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled { _ = try await todos.add(title: "meanwhile") }
                }
                for number in 1...3 { try await address.backUp(to: "\(folder)/copy-\(number).db") }
                group.cancelAll()
                do { try await group.waitForAll() } catch is CancellationError {}
            }
            for number in 1...3 { try await expectWhole("\(folder)/copy-\(number).db", owner: ada.id) }
            try await database.close()
        }
    }

    private func expectWhole(_ path: String, owner: String) async throws {
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let address = DatabaseAddress.sqlite(path: path)
        #expect(try await address.check() == .whole)
        let copy = try await address.open()
        #expect(try await copy.isMigrated())
        let rows = try await copy.read { transaction in
            (
                try transaction.all("SELECT number FROM todos WHERE owner = \(owner) ORDER BY number").map { try $0.int("number") },
                try transaction.one("SELECT next_todo FROM users WHERE id = \(owner)")?.int("next_todo")
            )
        }
        // A prefix of what was added, with its counter: one moment.
        #expect(rows.0.count >= 20)
        #expect(rows.0 == Array(1...rows.0.count))
        #expect(rows.1 == rows.0.count + 1)
        try await copy.close()
    }

    @Test func aFileThatIsThereIsNotOverwrittenAndNothingIsLeftBehind() async throws {
        try await withTemporaryFolder { folder in
            let database = try await SQLiteDatabase.open(path: folder + "/live.db")
            try await database.migrate()
            try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/copy.db"))
            let address = DatabaseAddress.sqlite(path: folder + "/live.db")
            await #expect(throws: BackupError.alreadyThere(path: folder + "/copy.db")) { try await address.backUp(to: folder + "/copy.db") }
            #expect(try String(contentsOfFile: folder + "/copy.db", encoding: .utf8) == "precious")
            await #expect { try await address.backUp(to: folder + "/missing/copy.db") } throws: {
                if case BackupError.cannotWrite = $0 { true } else { false }
            }
            let none = DatabaseAddress.sqlite(path: folder + "/none.db")
            await #expect(throws: BackupError.noDatabase(path: folder + "/none.db")) { try await none.backUp(to: folder + "/other.db") }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix("live.db") }
            #expect(left == ["copy.db"])
            try await database.close()
        }
    }

    @Test func aDamagedDatabaseGivesNoBackup() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/live.db"
            try await DamagedFile.make(path, rows: 400)
            try DamagedFile.overwrite(path, at: 4_096 * 3, with: Array(repeating: 0xFF, count: 4_096))
            await #expect { try await DatabaseAddress.sqlite(path: path).backUp(to: folder + "/copy.db") } throws: {
                if case BackupError.damaged = $0 { true } else { false }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("copy") }.isEmpty)
        }
    }

    /// With the tools of the server, restored into a place of its own.
    @Test func r119_anArchiveOfPostgreSQLIsRestoredWithEverything() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try await PostgresPlaces.shared.use { address in
                let database = try await PostgresDatabase.open(address)
                try await database.migrate()
                let stores = Stores(database: database)
                let ada = try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
                for number in 1...20 { _ = try await stores.todos.todos(of: ada.id).add(title: "before \(number)") }
                let archive = folder + "/copy.dump"
                try await DatabaseAddress.postgres(address).backUp(to: archive)
                #expect(try FileManager.default.attributesOfItem(atPath: archive)[.posixPermissions] as? Int == 0o600)

                // The archive names its schema, so that goes before it comes back.
                let schema = try #require(address.schema)
                try await database.write { try $0.execute("DROP SCHEMA \(SQL(stringLiteral: schema)) CASCADE") }
                try await restore(archive, to: address)
                #expect(try await stores.todos.todos(of: ada.id).list(limit: 100).data.count == 20)
                #expect(try await database.isMigrated())
                try await database.close()
            }
        }
    }

    @Test func aServerThatCannotBeReachedIsSaidWithoutThePassword() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let address = try DatabaseAddress("postgres://ada:secret@127.0.0.1:1/agent")
            await #expect {
                try await address.backUp(to: folder + "/copy.dump")
            } throws: {
                if case BackupError.toolFailed("pg_dump", _) = $0 { !"\($0)".contains("secret") } else { false }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }

    private func restore(_ archive: String, to address: PostgresAddress) async throws {
        let environment: [Environment.Key: String] = [
            "PATH": "/usr/bin:/bin", "PGHOST": address.settings["host"] ?? "", "PGPORT": address.settings["port"] ?? "", "PGUSER": "agent",
        ]
        let result = try await Subprocess.run(
            Configuration(
                executable: .name("pg_restore"), arguments: ["--exit-on-error", "--no-owner", "--dbname=postgres", archive],
                environment: .custom(environment)),
            output: .discarded, error: .string(limit: 16_384))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
    }
}
