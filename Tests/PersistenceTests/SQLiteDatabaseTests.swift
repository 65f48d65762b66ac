import DatabaseFixtures
import Dispatch
import Foundation
import Persistence
import Testing

@Suite struct SQLiteDatabaseTests {
    @Test func r092_theDurableSettingsAreReadBack() async throws {
        try await withDatabase { database in
            #expect(database.settings.journalMode == "wal")
            #expect(database.settings.synchronous == 2)
            #expect(database.settings.foreignKeys)
            #expect(database.settings.busyTimeout >= 5_000)
            // The connection that writes, asked again after a write.
            let synchronous = try await database.write { transaction in
                try transaction.execute("CREATE TABLE t (n BIGINT)")
                return try transaction.one("PRAGMA synchronous")?.int("synchronous")
            }
            #expect(synchronous == 2)
        }
    }

    /// Without that lock, another process that closes the database would delete the log in which the writes are.
    @Test func anotherOpeningInTheSameProcessLeavesTheLockOnTheFile() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let first = try await SQLiteDatabase.open(path: path)
            try await first.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let second = try await SQLiteDatabase.open(path: path)
            // Closed last, since closing it frees the locks.
            let file = open(path, O_RDWR)
            defer { close(file) }
            #expect(isSharedLocked(file))
            try await second.close()
            #expect(isSharedLocked(file))
            try await first.close()
            #expect(!isSharedLocked(file))
        }
    }

    @Test func r093_aDatabaseThatAnotherHoldsIsLockedAndThenFree() async throws {
        try await withTemporaryFolder { folder in
            let holder = try await SQLiteDatabase.open(path: folder + "/test.db")
            try await holder.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let other = try await SQLiteDatabase.open(path: folder + "/test.db", busyTimeout: .milliseconds(20))
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let held = holder.enqueue { _ in
                started.signal()
                gate.pass()
            }
            await wait(for: started)
            await #expect(throws: StoreError.locked) { try await other.write { try $0.execute("INSERT INTO t (n) VALUES (1)") } }
            gate.signal()
            try await held.value
            try await other.write { try $0.execute("INSERT INTO t (n) VALUES (2)") }
            #expect(try await numbers(in: other) == [2])
            try await other.close()
            try await holder.close()
        }
    }

    /// readiness asks so, and must answer in time while nobody can read.
    @Test func r099_aReadOfACallerWhoGoesEndsWhileEveryReaderIsHeld() async throws {
        try await withDatabase { database in
            let gate = DispatchSemaphore(value: 0)
            let held = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await database.read { _ in
                            held.signal()
                            // Not for ever, so that a read which waits on fails and does not hang.
                            if gate.wait(timeout: .now() + 10) == .success { gate.signal() }
                        }
                    }
                }
                for _ in 0..<4 { await wait(for: held) }
                let reader = Task { try await database.readUntilCancelled { try $0.one("SELECT 1 AS n")?.int("n") } }
                reader.cancel()
                await #expect(throws: CancellationError.self) { try await reader.value }
                gate.signal()
                try await group.waitForAll()
            }
            let one = try await database.readUntilCancelled { try $0.one("SELECT 1 AS n")?.int("n") }
            #expect(one == 1)
            await #expect(throws: StoreError.self) { try await database.readUntilCancelled { try $0.one("SELECT n FROM nowhere")?.int("n") } }
        }
    }

    @Test func r094_aFullDiskIsSaidAndIsNotTheEnd() async throws {
        try await withNumbers { database in
            try await database.write { try $0.execute("CREATE TABLE big (text TEXT NOT NULL)") }
            let pages = try await database.write { try $0.one("PRAGMA page_count")?.int("page_count") ?? 0 }
            _ = try await database.write { try $0.one("PRAGMA max_page_count = \(SQL(stringLiteral: String(pages + 2)))") }
            let text = String(repeating: "x", count: 100_000)
            await #expect(throws: StoreError.diskFull) { try await database.write { try $0.execute("INSERT INTO big (text) VALUES (\(text))") } }
            #expect(try await numbers(in: database).isEmpty)
            _ = try await database.write { try $0.one("PRAGMA max_page_count = 1000000") }
            try await database.write { try $0.execute("INSERT INTO big (text) VALUES (\(text))") }
            let rows = try await database.read { try $0.all("SELECT text FROM big") }
            #expect(rows.count == 1)
        }
    }

    @Test func aNewDatabaseIsForItsOwnerAlone() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/data/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT)") }
            for file in [path, path + "-wal"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
            }
            try await database.close()
        }
    }

    @Test func whatIsNotADatabaseIsRefusedAndLeftAsItWas() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let path = folder + "/letter.txt"
            let letter = Data(String(repeating: "Dear Sir or Madam, ", count: 100).utf8)
            try letter.write(to: URL(fileURLWithPath: path))
            await #expect(throws: StoreError.notADatabase(path: path)) { try await SQLiteDatabase.open(path: path) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == letter)
            await #expect { try await SQLiteDatabase.open(path: folder) } throws: { if case StoreError.cannotOpen = $0 { true } else { false } }
            await #expect { try await SQLiteDatabase.open(path: path + "/below.db") } throws: {
                if case StoreError.cannotOpen = $0 { true } else { false }
            }
        }
    }

    @Test(arguments: ["sqlite:", "sqlite::memory:", "mysql://user:secret@host/db", "data/agent.db", "", "sqlite:a\u{0}b"])
    func otherAddressesAreRefusedWithoutRepeatingTheirSecrets(address: String) {
        #expect { try DatabaseAddress(address) } throws: { !String(describing: $0).contains("secret") && $0 is StoreError }
    }

    @Test func anAddressNamesAFile() throws {
        #expect(try DatabaseAddress("sqlite:data/agent.db") == .sqlite(path: "data/agent.db"))
    }

    private func withNumbers(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let database = try await SQLiteDatabase.open(path: folder + "/test.db")
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            try await body(database)
            try await database.close()
        }
    }

    private func numbers(in database: SQLiteDatabase) async throws -> [Int] {
        try await database.read { try $0.all("SELECT n FROM t ORDER BY n").map { try $0.int("n") } }
    }

    /// Waits on a thread of its own, so that the cooperative pool stays free.
    private func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}

/// Whether some connection holds the lock that SQLite calls SHARED: https://www.sqlite.org/src/file/src/os.h
private func isSharedLocked(_ file: Int32) -> Bool {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = 0x4000_0002
    lock.l_len = 510
    // Locks of an open file (F_OFD_GETLK) are at odds with those of a process, this one's too: https://man7.org/linux/man-pages/man2/fcntl.2.html
    return fcntl(file, 36, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
}
