import DatabaseFixtures
import Dispatch
import Synchronization
import Testing

@testable import Persistence

@Suite struct PostgresFaultTests {
    @Test func connectionsThatAreKilledBetweenStatementsAreReplaced() async throws {
        try await withNumbers { database, address in
            for round in 0..<5 {
                try await database.insert(round)
                let readers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 { group.addTask { try await database.read { try $0.backend() } } }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                let writer = try await database.write { try $0.backend() }
                try await kill(readers.union([writer]), at: address)
                let found1 = try await database.numbers()
                #expect(found1 == Array(0...round))
            }
            try await database.insert(5)
            let found2 = try await database.numbers()
            #expect(found2 == Array(0...5))
        }
    }

    @Test func writesWhoseTransactionIsLostRunAgainAndAreMadeOnce() async throws {
        try await withNumbers { database, _ in
            let runs = Mutex(0)
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.pass() }
            let before = (0..<10).map { database.add($0) }
            let killer = database.enqueue { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (10)")
                if runs.withLock({
                    $0 += 1; return $0
                }) == 1 {
                    try transaction.endItsConnection()
                }
            }
            let after = (11..<20).map { database.add($0) }
            gate.signal()
            try await holder.value
            for write in before + after {
                let changes = try await write.value
                #expect(changes == 1)
            }
            try await killer.value
            #expect(runs.withLock { $0 } == 2)
            let found3 = try await database.numbers()
            #expect(found3 == Array(0..<20))
        }
    }

    @Test func aWriteThatEndsEveryConnectionFailsAloneAndSaysThatNothingWasWritten() async throws {
        try await withNumbers { database, _ in
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.pass() }
            let before = database.add(1)
            let poison = database.enqueue { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (2)")
                try transaction.endItsConnection()
            }
            let after = database.add(3)
            gate.signal()
            try await holder.value
            await #expect(throws: StoreError.unreachable) { try await poison.value }
            _ = try await (before.value, after.value)
            let found4 = try await database.numbers()
            #expect(found4 == [1, 3])
        }
    }

    @Test func aBeginningThatFailsBehindItsBeginFailsOneWriteAndNotTheNext() async throws {
        try await withNumbers { database, _ in
            let before = try await database.write { transaction in
                // Counted outside of transactions.
                try transaction.execute("CREATE SEQUENCE beginnings")
                try transaction.execute(
                    """
                    CREATE FUNCTION pg_current_xact_id() RETURNS xid8 LANGUAGE plpgsql AS $$
                    BEGIN
                        IF nextval('beginnings') = 1 THEN RAISE EXCEPTION 'not now'; END IF;
                        RETURN pg_catalog.pg_current_xact_id();
                    END $$
                    """
                )
                // For this connection it now stands before the server's own.
                _ = try transaction.one("SELECT set_config('search_path', current_schema() || ', pg_catalog', false) AS path")
                return try transaction.backend()
            }
            await #expect { try await database.insert(1) } throws: { if case StoreError.failed = $0 { true } else { false } }
            try await database.insert(2)
            let after = try await database.write { try $0.backend() }
            #expect(after == before)
            let found = try await database.numbers()
            #expect(found == [2])
        }
    }

    @Test func aReadThatLosesItsConnectionRunsAgain() async throws {
        try await withNumbers { database, _ in
            let runs = Mutex(0)
            let one = try await database.read { transaction in
                if runs.withLock({
                    $0 += 1; return $0
                }) == 1 {
                    try transaction.endItsConnection()
                }
                return try transaction.one("SELECT 1 AS n")?.int("n")
            }
            #expect(one == 1)
            #expect(runs.withLock { $0 } == 2)
        }
    }

    @Test func aCommitThatWasMadeButNotAnsweredIsASuccessAndMadeOnce() async throws {
        try await withNumbersBehindProxy { database, proxy, direct in
            let runs = Mutex(0)
            for number in 0..<3 {
                proxy.behaviour = .losesCommit
                try await database.write { transaction in
                    runs.withLock { $0 += 1 }
                    try transaction.execute("INSERT INTO t (n) VALUES (\(number))")
                }
            }
            #expect(runs.withLock { $0 } == 3)
            let found5 = try await direct.numbers()
            #expect(found5 == [0, 1, 2])
        }
    }

    @Test func aCommitThatWasLostBeforeItWasMadeRunsAgain() async throws {
        try await withNumbers { database, _ in
            // The first commit of a row ends its own connection; a sequence counts although its transaction is rolled back.
            _ = try await database.write { transaction in
                try transaction.execute("CREATE SEQUENCE commits")
                try transaction.execute(
                    """
                    CREATE FUNCTION end_first() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN IF nextval(''commits'') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); END IF; RETURN NULL; END'
                    """
                )
                try transaction.execute(
                    """
                    CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION end_first()
                    """
                )
            }
            let runs = Mutex(0)
            try await database.write { transaction in
                runs.withLock { $0 += 1 }
                try transaction.execute("INSERT INTO t (n) VALUES (1)")
            }
            #expect(runs.withLock { $0 } == 2)
            let found6 = try await database.numbers()
            #expect(found6 == [1])
        }
    }

    @Test func aCommitWhoseOutcomeCannotBeFoundOutIsNeitherASuccessNorDoneAgain() async throws {
        var limits = PostgresLimits()
        limits.wait = .milliseconds(200)
        try await withNumbersBehindProxy(limits: limits) { database, proxy, direct in
            let runs = Mutex(0)
            proxy.behaviour = .losesCommitAndRefuses
            await #expect(throws: StoreError.outcomeUnknown) {
                try await database.write { transaction in
                    runs.withLock { $0 += 1 }
                    try transaction.execute("INSERT INTO t (n) VALUES (1)")
                }
            }
            #expect(runs.withLock { $0 } == 1)
            // It was made; the driver had no way to know.
            let found7 = try await direct.numbers()
            #expect(found7 == [1])
            #expect(!StoreError.outcomeUnknown.isTransient)
        }
    }

    @Test func whileThereIsNoServerCallersFailAtTheirDeadlineAndAreServedAfterIt() async throws {
        var limits = PostgresLimits()
        limits.wait = .milliseconds(300)
        limits.backOff = .milliseconds(10)...(.milliseconds(40))
        try await withNumbersBehindProxy(limits: limits) { database, proxy, _ in
            try await database.insert(1)
            proxy.behaviour = .refuses
            let begin = ContinuousClock.now
            await withTaskGroup(of: Void.self) { group in
                for number in 2..<12 {
                    group.addTask { await #expect(throws: StoreError.unreachable) { try await database.insert(number) } }
                    group.addTask { await #expect(throws: StoreError.unreachable) { try await database.numbers() } }
                }
            }
            #expect(ContinuousClock.now - begin < .seconds(5))
            // A caller that waits is served as soon as the server is back.
            let waiting = database.add(20)
            proxy.behaviour = .forwards
            _ = try await waiting.value
            let found8 = try await database.numbers()
            #expect(found8 == [1, 20])
        }
    }

    @Test func afterCrashesOfTheServerEveryAcknowledgedWriteIsThereOnce() async throws {
        let server = try await PostgresServer.start()
        let database = try await PostgresDatabase.open(try server.address())
        try await database.write { try $0.execute("CREATE TABLE t (n BIGINT NOT NULL UNIQUE)") }
        let ledger = Ledger()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var number = writer
                    while !ledger.isOver {
                        // A loss is said, or the write is made on the next connection.
                        if (try? await database.insert(number)) != nil { ledger.acknowledge(number) }
                        number += 8
                    }
                }
            }
            for _ in 0..<3 {
                let before = ledger.acknowledged.count
                while ledger.acknowledged.count < before + 50 { await Task.yield() }
                try await server.crash()
                try await server.start()
            }
            ledger.end()
            try await group.waitForAll()
        }
        try await database.insert(-1)
        let stored = try await database.numbers()
        #expect(ledger.acknowledged.subtracting(stored).isEmpty)
        #expect(Set(stored).count == stored.count)
        try await database.close()
        try await server.crash()
    }

    private func kill(_ backends: Set<Int>, at address: PostgresAddress) async throws {
        let other = try await PostgresDatabase.open(address)
        for backend in backends {
            let gone = try await other.write { try $0.one("SELECT pg_terminate_backend(CAST(\(backend) AS INTEGER), 5000) AS gone")?.bool("gone") }
            #expect(gone == true)
        }
        try await other.close()
    }
}

/// What writers were told.
private final class Ledger: Sendable {
    private let state = Mutex<(acknowledged: Set<Int>, isOver: Bool)>(([], false))

    var acknowledged: Set<Int> { state.withLock { $0.acknowledged } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func acknowledge(_ number: Int) {
        state.withLock { _ = $0.acknowledged.insert(number) }
    }

    func end() {
        state.withLock { $0.isOver = true }
    }
}

extension Transaction {
    fileprivate func backend() throws -> Int {
        try one("SELECT pg_backend_pid() AS pid")?.int("pid") ?? 0
    }

    fileprivate func endItsConnection() throws {
        _ = try one("SELECT pg_terminate_backend(pg_backend_pid())")
        _ = try one("SELECT pg_sleep(5)")
    }
}
