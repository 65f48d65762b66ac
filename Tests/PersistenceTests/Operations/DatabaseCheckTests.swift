import AgentTesting
import DatabaseFixtures
import Foundation
import Persistence
import Testing

@Suite struct DatabaseCheckTests {
    @Test func aWholeFileANewOneAndAServerAreToldApart() async throws {
        try await withTemporaryFolder { folder in
            let address = DatabaseAddress.sqlite(path: folder + "/test.db")
            #expect(try await address.check() == .new)
            #expect(!FileManager.default.fileExists(atPath: folder + "/test.db"))
            try await DamagedFile.make(folder + "/test.db", rows: 10)
            #expect(try await address.check() == .whole)
            #expect(try await DatabaseAddress("postgres://127.0.0.1:1/agent").check() == .notOurs)
        }
    }

    /// A file that another process has open and writes to is as whole as it was.
    @Test func aFileInUseIsLookedThroughBesideItsUser() async throws {
        try await withDatabase { database in
            _ = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let path = try #require(try await database.read { try $0.one("PRAGMA database_list")?.text("file") })
            #expect(try await DatabaseAddress.sqlite(path: path).check() == .whole)
            _ = try await UserStore(database: database).create(email: .of("bob"), name: "Bob", passwordHash: "h")
        }
    }

    @Test func theLookEndsInTime() async throws {
        try await withTemporaryFolder { folder in
            try await DamagedFile.make(folder + "/test.db", rows: 60_000)
            // A busy machine may give the look more time than it should have: one of many ends.
            var looks: Set<DatabaseCheck> = []
            for _ in 0..<50 where !looks.contains(.partlySeen) {
                looks.insert(try await DatabaseAddress.sqlite(path: folder + "/test.db").check(within: .zero))
            }
            #expect(looks.contains(.partlySeen))
        }
    }

    /// refused, or served with what is intact; never an empty database, and never overwritten.
    @Test func r096_aDamagedFileIsRefusedOrServesItsRowsAndIsNeverTakenForAnEmptyOne() async throws {
        try await withTemporaryFolder { folder in
            let whole = folder + "/whole.db"
            try await DamagedFile.make(whole, rows: 400)
            let length = try #require(try FileManager.default.attributesOfItem(atPath: whole)[.size] as? Int)
            var random = SeededGenerator(seed: 96)
            var refused = 0
            for number in 0..<200 {
                let path = "\(folder)/\(number).db"
                try FileManager.default.copyItem(atPath: whole, toPath: path)
                switch number {
                case 0: try DamagedFile.overwrite(path, at: 0, with: Array(repeating: 0, count: 100))
                case 1..<40: try DamagedFile.truncate(path, to: Int.random(in: 1..<length, using: &random))
                default:
                    // One byte of each page.
                    for page in 0..<length / 4_096 {
                        try DamagedFile.overwrite(
                            path, at: page * 4_096 + Int.random(in: 0..<4_096, using: &random), with: [UInt8.random(in: 0...255, using: &random)])
                    }
                }
                let damaged = try Data(contentsOf: URL(fileURLWithPath: path))
                do {
                    _ = try await DatabaseAddress.sqlite(path: path).check()
                } catch let error as StoreError {
                    refused += 1
                    #expect("\(error)".contains("backup"), "\(number): \(error)")
                    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged, "\(number)")
                    continue
                }
                // What the look does not find is all there, or is said when it is read.
                do { #expect(try await rowCount(path) == 400, "\(number)") } catch is StoreError {}
            }
            #expect(refused >= 100)
        }
    }

    /// SQLite would delete the log and begin anew.
    @Test func r096_anEmptyFileBesideALogIsRefusedAndTheLogStays() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let lost = folder + "/lost.db"
            try FileManager.default.copyItem(atPath: path + "-wal", toPath: lost + "-wal")
            let log = try Data(contentsOf: URL(fileURLWithPath: lost + "-wal"))
            for isEmpty in [false, true] {
                if isEmpty { try Data().write(to: URL(fileURLWithPath: lost)) }
                let address = DatabaseAddress.sqlite(path: lost)
                await #expect { try await address.check() } throws: { if case StoreError.corrupt = $0 { "\($0)".contains("-wal") } else { false } }
                await #expect { try await address.open() } throws: { if case StoreError.corrupt = $0 { true } else { false } }
                #expect(try Data(contentsOf: URL(fileURLWithPath: lost + "-wal")) == log)
            }
            try await database.close()
        }
    }

    /// of a log that was cut, what is whole is served.
    @Test func r096_aLogThatWasCutLeavesTheRowsBefore() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            for number in 1...12 { try await database.write { try $0.execute("INSERT INTO t (n) VALUES (\(number))") } }
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            let frame = 4_096 + 24
            for frames in 0...(log.count - 32) / frame {
                let copy = "\(folder)/copy-\(frames).db"
                try FileManager.default.copyItem(atPath: path, toPath: copy)
                // In the middle of the frame behind the last whole one.
                try log.prefix(32 + frames * frame + 2_000).write(to: URL(fileURLWithPath: copy + "-wal"))
                #expect(try await DatabaseAddress.sqlite(path: copy).check() == .whole)
                let opened = try await SQLiteDatabase.open(path: copy)
                let numbers = try? await opened.read { try $0.all("SELECT n FROM t ORDER BY n").map { try $0.int("n") } }
                if let numbers { #expect(numbers == Array(1...12).prefix(numbers.count).map { $0 }) }
                try await opened.close()
            }
            try await database.close()
        }
    }

    /// neither in the file nor in its log.
    @Test func r120_whatWasDeletedIsNotInTheFilesAfterVacuum() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.migrate()
            let stores = Stores(database: database)
            let ada = try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            for _ in 1...50 { _ = try await stores.todos.todos(of: ada.id).add(title: "canary-4711") }
            #expect(try await stores.users.delete(ada.id))
            #expect(try contains("canary-4711", path))
            try await SQLiteDatabase.vacuum(path: path)
            #expect(try !contains("canary-4711", path))
            // The open one goes on.
            _ = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            try await database.close()
            #expect(try await DatabaseAddress.sqlite(path: path).check() == .whole)
        }
    }

    private func contains(_ canary: String, _ path: String) throws -> Bool {
        try [path, path + "-wal"].contains { file in
            FileManager.default.fileExists(atPath: file)
                ? try Data(contentsOf: URL(fileURLWithPath: file)).range(of: Data(canary.utf8)) != nil : false
        }
    }

    private func rowCount(_ path: String) async throws -> Int {
        let database = try await SQLiteDatabase.open(path: path)
        let rows: [Int]
        do {
            rows = try await database.read { try $0.all("SELECT n FROM t").map { try $0.int("n") } }
        } catch {
            try await database.close()
            throw error
        }
        try await database.close()
        return rows.count
    }
}
