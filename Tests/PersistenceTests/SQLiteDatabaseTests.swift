import Dispatch
import Foundation
import Persistence
import Synchronization
import Testing

@Suite struct SQLiteDatabaseTests {
    @Test func theDurableSettingsAreReadBack() async throws {
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

    @Test func writesThatWaitShareACommitAndAreAllThereAfterReopening() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/nested/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let before = database.commitCount
            let gate = DispatchSemaphore(value: 0)
            let first = database.enqueue { _ in gate.wait() }
            let writes = (0..<200).map { number in database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (\(number))") } }
            gate.signal()
            try await first.value
            for write in writes { try await write.value }
            // The one that held the writer, alone or with those that came before it started, and the rest together.
            #expect(database.commitCount - before <= 2)
            try await database.close()

            let reopened = try await SQLiteDatabase.open(path: path)
            let numbers = try await reopened.read { try $0.all("SELECT n FROM t ORDER BY rowid").map { try $0.int("n") } }
            #expect(numbers == Array(0..<200))
            try await reopened.close()
        }
    }

    @Test func callersLearnTheOutcomeOnlyWhenOthersCanReadIt() async throws {
        try await withNumbers { database in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await database.write { try $0.execute("INSERT INTO t (n) VALUES (\(number))") }
                        return try await database.read { try $0.one("SELECT n FROM t WHERE n = \(number)") } != nil
                    }
                }
                for try await isVisible in group { #expect(isVisible) }
            }
        }
    }

    @Test func aFailingWriteFailsAloneAndLeavesNothing() async throws {
        try await withNumbers { database in
            let before = database.commitCount
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.wait() }
            let good = database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (1)") }
            let bad = database.enqueue { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (2)")
                try transaction.execute("INSERT INTO t (n) VALUES (NULL)")
            }
            let thrower = database.enqueue { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (3)")
                throw Refused()
            }
            let last = database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (4)") }
            gate.signal()
            try await holder.value
            try await good.value
            try await last.value
            await #expect { try await bad.value } throws: { if case StoreError.constraint = $0 { true } else { false } }
            await #expect(throws: Refused.self) { try await thrower.value }
            #expect(try await numbers(in: database) == [1, 4])
            #expect(database.commitCount - before <= 2)
        }
    }

    @Test func whenTheSharedTransactionIsLostEachWriteRunsAgainAlone() async throws {
        try await withNumbers { database in
            let runs = Mutex(0)
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.wait() }
            let first = database.enqueue { transaction in
                runs.withLock { $0 += 1 }
                try transaction.execute("INSERT INTO t (n) VALUES (1)")
            }
            let destroyer = database.enqueue { transaction in
                try transaction.execute("ROLLBACK")
                throw Refused()
            }
            let last = database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (3)") }
            gate.signal()
            // It may itself be in the group, and then waits no second time: the gate is open by now.
            gate.signal()
            try await holder.value
            _ = try await first.value
            try await last.value
            await #expect(throws: Refused.self) { try await destroyer.value }
            #expect(try await numbers(in: database) == [1, 3])
            #expect(runs.withLock { $0 } == 2)
        }
    }

    @Test func whenTheCommitFailsEveryCallerOfTheGroupFails() async throws {
        try await withNumbers { database in
            try await database.write { try $0.execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)") }
            try await database.write { try $0.execute("CREATE TABLE child (parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)") }
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in
                started.signal()
                gate.wait()
            }
            await wait(for: started)
            let innocent = database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (1)") }
            let orphan = database.enqueue { _ = try $0.execute("INSERT INTO child (parent) VALUES (99)") }
            gate.signal()
            try await holder.value
            await #expect(throws: StoreError.self) { try await innocent.value }
            await #expect(throws: StoreError.self) { try await orphan.value }
            #expect(try await numbers(in: database).isEmpty)
            // And the writer goes on.
            try await database.write { try $0.execute("INSERT INTO t (n) VALUES (2)") }
            #expect(try await numbers(in: database) == [2])
        }
    }

    @Test func aCancelledWriteThatHasNotStartedIsDropped() async throws {
        try await withNumbers { database in
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in
                started.signal()
                gate.wait()
            }
            await wait(for: started)
            let dropped = database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (1)") }
            let task = Task { try await database.write { try $0.execute("INSERT INTO t (n) VALUES (2)") } }
            dropped.cancel()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await dropped.value }
            await #expect(throws: CancellationError.self) { try await task.value }
            gate.signal()
            try await holder.value
            #expect(try await numbers(in: database).isEmpty)
        }
    }

    @Test func aCancelledWriteThatHasStartedIsNotTouched() async throws {
        try await withNumbers { database in
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let task = Task {
                try await database.write { transaction in
                    started.signal()
                    gate.wait()
                    try transaction.execute("INSERT INTO t (n) VALUES (1)")
                }
            }
            await wait(for: started)
            task.cancel()
            gate.signal()
            _ = try await task.value
            #expect(try await numbers(in: database) == [1])
        }
    }

    @Test func aReaderCannotWrite() async throws {
        try await withNumbers { database in
            await #expect(throws: StoreError.readOnly) { try await database.read { _ = try $0.execute("INSERT INTO t (n) VALUES (1)") } }
        }
    }

    @Test func aDatabaseThatAnotherHoldsIsLockedAndThenFree() async throws {
        try await withTemporaryFolder { folder in
            let holder = try await SQLiteDatabase.open(path: folder + "/test.db")
            try await holder.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let other = try await SQLiteDatabase.open(path: folder + "/test.db", busyTimeout: .milliseconds(20))
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let held = holder.enqueue { _ in
                started.signal()
                gate.wait()
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

    @Test func aFullDiskIsSaidAndIsNotTheEnd() async throws {
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

    @Test func aClosedDatabaseHasPerformedWhatWasQueuedAndRefusesTheRest() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/test.db"
            let database = try await SQLiteDatabase.open(path: path)
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let writes = (0..<50).map { number in database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (\(number))") } }
            try await database.close()
            for write in writes { try await write.value }
            await #expect(throws: StoreError.closed) { try await database.write { try $0.execute("INSERT INTO t (n) VALUES (1)") } }
            await #expect(throws: StoreError.closed) { try await database.read { _ = try $0.one("SELECT 1") } }
        }
    }

    @Test(arguments: ["sqlite:", "sqlite::memory:", "postgres://user:secret@host/db", "data/agent.db", "", "sqlite:a\u{0}b"])
    func otherAddressesAreRefusedWithoutRepeatingTheirSecrets(address: String) {
        #expect { try DatabaseAddress(address) } throws: { !String(describing: $0).contains("secret") && $0 is StoreError }
    }

    @Test func anAddressNamesAFile() throws {
        #expect(try DatabaseAddress("sqlite:data/agent.db") == .sqlite(path: "data/agent.db"))
    }

    private struct Refused: Error {}

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
