import AgentRuntime
import DatabaseFixtures
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Persistence

@Suite struct PostgresLockTests {
    @Test func aWriteThatMeetsALockLetsThoseBeforeItCommitAndKeepsItsPlace() async throws {
        try await withNumbers { database, address in
            try await database.insert(0)
            let other = try await PostgresDatabase.open(address)
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let holder = other.enqueue { transaction in
                try transaction.execute("UPDATE t SET n = 0 WHERE n = 0")
                held.signal()
                release.pass()
            }
            await wait(for: held)
            let order = Mutex<[Int]>([])
            let gate = DispatchSemaphore(value: 0)
            let first = database.enqueue { _ in gate.pass() }
            let before = database.add(1)
            let waiter = database.enqueue { transaction in
                try transaction.execute("UPDATE t SET n = 0 WHERE n = 0")
                order.withLock { $0.append(2) }
            }
            let after = database.enqueue { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (3)")
                order.withLock { $0.append(3) }
            }
            gate.signal()
            try await first.value
            // Durable while the next one still waits for its lock.
            _ = try await before.value
            #expect(order.withLock { $0 }.isEmpty)
            release.signal()
            try await holder.value
            try await waiter.value
            try await after.value
            #expect(order.withLock { $0 } == [2, 3])
            let found1 = try await database.numbers()
            #expect(found1 == [0, 1, 3])
            try await other.close()
        }
    }

    @Test func ofTwoThatWaitForEachOtherBothAreMade() async throws {
        try await withNumbers { database, address in
            try await database.write { try $0.execute("INSERT INTO t (n) VALUES (10), (20)") }
            let other = try await PostgresDatabase.open(address)
            let tries = Mutex(0)
            // Each locks its first row, waits until the other has, then wants the other's.
            let (one, two) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let left = database.enqueue { transaction in
                tries.withLock { $0 += 1 }
                try transaction.execute("UPDATE t SET n = n WHERE n = 10")
                one.signal()
                _ = two.wait(timeout: .now() + 1)
                try transaction.execute("UPDATE t SET n = n WHERE n = 20")
            }
            let right = other.enqueue { transaction in
                tries.withLock { $0 += 1 }
                try transaction.execute("UPDATE t SET n = n WHERE n = 20")
                two.signal()
                _ = one.wait(timeout: .now() + 1)
                try transaction.execute("UPDATE t SET n = n WHERE n = 10")
            }
            try await left.value
            try await right.value
            // One of them was the server's choice, and was tried again.
            #expect(tries.withLock { $0 } > 2)
            try await other.close()
        }
    }

    @Test func aLockThatIsNotReleasedIsSaid() async throws {
        var limits = PostgresLimits()
        limits.lock = .milliseconds(50)
        try await withNumbers(limits: limits) { database, address in
            try await database.insert(1)
            let other = try await PostgresDatabase.open(address)
            let (held, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let holder = other.enqueue { transaction in
                try transaction.execute("UPDATE t SET n = n")
                held.signal()
                release.pass()
            }
            await wait(for: held)
            await #expect(throws: StoreError.locked) { try await database.write { try $0.execute("UPDATE t SET n = n") } }
            release.signal()
            try await holder.value
            try await database.write { try $0.execute("UPDATE t SET n = n") }
            try await other.close()
        }
    }

    /// Both lock the conversation before its run; otherwise each would hold what the other wants.
    @Test func theEndOfARunAndTheDeletionOfItsConversationDoNotWaitForEachOther() async throws {
        try await withTwo { here, there, ada in
            let (run, log) = try await acceptedRun(here.stores, owner: ada.id)
            let held = DispatchSemaphore(value: 0)
            let deletion = there.database.enqueue { transaction in
                try transaction.execute("UPDATE conversations SET title = title WHERE id = \(run.conversation)")
                held.signal()
                try transaction.waitForAWaiter()
                return try transaction.execute("DELETE FROM conversations WHERE id = \(run.conversation)")
            }
            await wait(for: held)
            let end = Task { try await log.end(with: .stopped) }
            let found2 = try await deletion.value
            #expect(found2 == 1)
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await end.value }
            #expect(here.database.performed == here.database.enqueued)
            #expect(there.database.performed == there.database.enqueued)
        }
    }

    /// Both lock the account first.
    @Test func aToolsWriteAndTheDeletionOfItsAccountDoNotWaitForEachOther() async throws {
        try await withTwo { here, there, ada in
            let (run, log) = try await acceptedRun(here.stores, owner: ada.id)
            let held = DispatchSemaphore(value: 0)
            let deletion = there.database.enqueue { transaction in
                try transaction.execute("UPDATE users SET name = name WHERE id = \(ada.id)")
                held.signal()
                try transaction.waitForAWaiter()
                return try transaction.execute("DELETE FROM users WHERE id = \(ada.id)")
            }
            let todos = here.stores.todos.todos(of: ada.id, claim: log.claim)
            await wait(for: held)
            let todo = Task { try await todos.add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0)) }
            let found3 = try await deletion.value
            #expect(found3 == 1)
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await todo.value }
            #expect(here.database.performed == here.database.enqueued)
            #expect(there.database.performed == there.database.enqueued)
        }
    }

    private struct Side: Sendable {
        let database: CountingDatabase
        let stores: Stores
    }

    /// Two processes that share a database with one account.
    private func withTwo(_ body: (Side, Side, User) async throws -> Void) async throws {
        try await withAddress(on: .postgres) { address in
            let sides = try await [address.open(), address.open()].map { CountingDatabase($0) }
            try await sides[0].migrate()
            let (here, there) = (
                Side(database: sides[0], stores: Stores(database: sides[0])), Side(database: sides[1], stores: Stores(database: sides[1]))
            )
            let ada = try await here.stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            try await body(here, there, ada)
            for side in sides { try await side.close() }
        }
    }

    private func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }
}

extension Transaction {
    /// Returns when another transaction waits for a lock of this one.
    fileprivate func waitForAWaiter() throws {
        for _ in 0..<500 {
            let waiter = try one("SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if waiter != nil { return }
            _ = try one("SELECT pg_sleep(0.01)")
        }
        throw StoreError.timedOut
    }
}
