import DatabaseFixtures
import Dispatch
import Persistence
import Synchronization
import Testing

@Suite struct DatabaseTests {
    @Test(arguments: Driver.all) func writesThatWaitShareACommitAndAreAllThereAfterReopening(on driver: Driver) async throws {
        try await withAddress(on: driver) { address in
            let database = try await address.open()
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let before = commitCount(of: database)
            let gate = DispatchSemaphore(value: 0)
            let first = database.enqueue { _ in gate.pass() }
            let writes = (0..<200).map { number in database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (\(number))") } }
            gate.signal()
            try await first.value
            for write in writes { try await write.value }
            // The one that held the writer, alone or with those that came before it started, and the rest in groups of 64 or more.
            #expect(commitCount(of: database) - before <= 5)
            try await database.close()

            let reopened = try await address.open()
            let numbers = try await reopened.read { try $0.all("SELECT n FROM t ORDER BY n").map { try $0.int("n") } }
            #expect(numbers == Array(0..<200))
            try await reopened.close()
        }
    }

    @Test(arguments: Driver.all) func callersLearnTheOutcomeOnlyWhenOthersCanReadIt(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
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

    @Test(arguments: Driver.all) func aFailingWriteFailsAloneAndLeavesNothing(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            let before = commitCount(of: database)
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.pass() }
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
            #expect(commitCount(of: database) - before <= 2)
        }
    }

    @Test(arguments: Driver.all) func whenTheSharedTransactionIsLostEachWriteRunsAgainAlone(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            let runs = Mutex(0)
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in
                started.signal()
                gate.pass()
            }
            // Those that follow are one group.
            await wait(for: started)
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
            try await holder.value
            _ = try await first.value
            try await last.value
            await #expect(throws: Refused.self) { try await destroyer.value }
            #expect(try await numbers(in: database) == [1, 3])
            #expect(runs.withLock { $0 } == 2)
        }
    }

    @Test(arguments: Driver.all) func whenTheCommitFailsEveryCallerOfTheGroupFails(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            try await database.write { try $0.execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)") }
            try await database.write { try $0.execute("CREATE TABLE child (parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)") }
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in
                started.signal()
                gate.pass()
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

    @Test(arguments: Driver.all) func aCancelledWriteThatHasNotStartedIsDropped(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in
                started.signal()
                gate.pass()
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

    @Test(arguments: Driver.all) func aCancelledWriteThatHasStartedIsNotTouched(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            let gate = DispatchSemaphore(value: 0)
            let started = DispatchSemaphore(value: 0)
            let task = Task {
                try await database.write { transaction in
                    started.signal()
                    gate.pass()
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

    @Test(arguments: Driver.all) func aReaderCannotWrite(on driver: Driver) async throws {
        try await withNumbers(on: driver) { database in
            await #expect(throws: StoreError.readOnly) { try await database.read { _ = try $0.execute("INSERT INTO t (n) VALUES (1)") } }
        }
    }

    @Test(arguments: Driver.all) func aClosedDatabaseHasPerformedWhatWasQueuedAndRefusesTheRest(on driver: Driver) async throws {
        try await withAddress(on: driver) { address in
            let database = try await address.open()
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            let writes = (0..<50).map { number in database.enqueue { _ = try $0.execute("INSERT INTO t (n) VALUES (\(number))") } }
            try await database.close()
            for write in writes { try await write.value }
            await #expect(throws: StoreError.closed) { try await database.write { try $0.execute("INSERT INTO t (n) VALUES (1)") } }
            await #expect(throws: StoreError.closed) { try await database.read { _ = try $0.one("SELECT 1") } }
        }
    }

    private struct Refused: Error {}

    private func withNumbers(on driver: Driver, _ body: (any Database) async throws -> Void) async throws {
        try await withAddress(on: driver) { address in
            let database = try await address.open()
            try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL)") }
            try await body(database)
            try await database.close()
        }
    }

    private func numbers(in database: any Database) async throws -> [Int] {
        try await database.read { try $0.all("SELECT n FROM t ORDER BY n").map { try $0.int("n") } }
    }

    private func commitCount(of database: any Database) -> Int {
        switch database {
        case let database as SQLiteDatabase: database.commitCount
        case let database as PostgresDatabase: database.commitCount
        default: 0
        }
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
