import DatabaseFixtures
import Dispatch
import Synchronization
import Testing

@testable import Persistence

@Suite struct PostgresDatabaseTests {
    @Test func r092_everySessionHasItsTimeoutsAndCommitsDurably() async throws {
        try await withNumbers { database, _ in
            let names = [
                "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "synchronous_commit", "transaction_isolation",
                "client_encoding",
            ]
            let read: @Sendable (Transaction) throws -> [String] = { transaction in
                try names.map { try transaction.one("SELECT current_setting(\($0)) AS value")?.text("value") ?? "" }
            }
            let found1 = try await database.read(read)
            #expect(found1 == ["10s", "5s", "3s", "on", "repeatable read", "UTF8"])
            let found2 = try await database.write(read)
            #expect(found2 == ["10s", "5s", "3s", "on", "read committed", "UTF8"])
            #expect(database.settings.synchronousCommit == "on")
        }
    }

    @Test func r092_aServerThatWouldLoseCommitsIsRefusedAndASessionThatWouldIsMended() async throws {
        try await withNumbers { database, address in
            let schema = try #require(address.schema)
            _ = try await database.write { transaction in
                try transaction.execute("CREATE ROLE hasty LOGIN SUPERUSER")
                try transaction.execute("ALTER ROLE hasty SET synchronous_commit = off")
            }
            let place = "postgres://hasty@/postgres?host=\(address.settings["host"] ?? "")&port=\(address.settings["port"] ?? "")&schema=\(schema)"
            await #expect(throws: StoreError.unsafeSetting(name: "fsync", found: "off")) {
                try await PostgresDatabase.open(try PostgresAddress(place))
            }
            let mended = try await PostgresDatabase.open(try PostgresAddress(place + "&allow_fsync_off=true"))
            #expect(mended.settings.synchronousCommit == "on")
            let setting = try await mended.write { try $0.one("SHOW synchronous_commit")?.text("synchronous_commit") }
            #expect(setting == "on")
            try await mended.close()
            try await database.write { try $0.execute("DROP ROLE hasty") }
        }
    }

    @Test func aWrongPasswordIsSaidWithoutIt() async throws {
        try await withNumbers { database, address in
            try await database.write { try $0.execute("CREATE ROLE ada LOGIN SUPERUSER PASSWORD 's3cret@/?%'") }
            let place = "127.0.0.1:\(address.settings["port"] ?? "")/postgres?allow_fsync_off=true&schema=\(address.schema ?? "")"
            await #expect {
                try await DatabaseAddress("postgres://ada:wr0ng@\(place)").open()
            } throws: {
                "\($0)".contains("password authentication failed") && !"\($0)".contains("wr0ng")
            }
            let right = try await DatabaseAddress("postgres://ada:s3cret%40%2F%3F%25@\(place)").open()
            let none = try await right.numbers()
            #expect(none.isEmpty)
            try await right.close()
            try await database.write { try $0.execute("DROP ROLE ada") }
        }
    }

    @Test func aServerThatIsNotThereAndASchemaThatIsNotThereAreSaid() async throws {
        try await withNumbers { _, address in
            await #expect {
                try await DatabaseAddress("postgres://agent:s3cret@/postgres?host=/nowhere").open()
            } throws: {
                if case StoreError.cannotOpen = $0 { !"\($0)".contains("s3cret") } else { false }
            }
            let other = "postgres://agent@/postgres?host=\(address.settings["host"] ?? "")&port=\(address.settings["port"] ?? "")&schema=nowhere"
            await #expect { try await DatabaseAddress(other).open() } throws: { "\($0)".contains("no schema nowhere") }
        }
    }

    @Test func errorsNameNoValues() async throws {
        try await withNumbers { database, _ in
            try await database.insert(4_711)
            await #expect {
                try await database.insert(4_711)
            } throws: {
                if case StoreError.constraint = $0 { !"\($0)".contains("4711") } else { false }
            }
            await #expect {
                _ = try await database.read { try $0.one("SELECT CAST(\("s3cret") AS BIGINT) AS n") }
            } throws: {
                !"\($0)".contains("s3cret")
            }
        }
    }

    @Test func moreStatementsThanAreKeptPreparedGoOn() async throws {
        try await withNumbers { database, _ in
            let sum = try await database.read { transaction in
                try (0..<300).reduce(0) { sum, number in
                    try sum + (transaction.one("SELECT \(SQL(stringLiteral: String(number))) AS n")?.int("n") ?? 0)
                }
            }
            #expect(sum == 44_850)
        }
    }

    @Test func aStatementThatTakesTooLongIsEndedByTheServer() async throws {
        var limits = PostgresLimits()
        limits.statement = .milliseconds(100)
        try await withNumbers(limits: limits) { database, _ in
            await #expect(throws: StoreError.timedOut) { try await database.read { _ = try $0.one("SELECT pg_sleep(20)") } }
            let slow = database.enqueue { _ = try $0.one("SELECT pg_sleep(20)") }
            let next = database.add(1)
            await #expect(throws: StoreError.timedOut) { try await slow.value }
            _ = try await next.value
            let found3 = try await database.numbers()
            #expect(found3 == [1])
        }
    }

    @Test func r099_anAnswerThatDoesNotComeEndsTheConnection() async throws {
        var limits = PostgresLimits()
        limits.answer = .milliseconds(100)
        limits.wait = .milliseconds(400)
        try await withNumbersBehindProxy(limits: limits) { database, proxy, direct in
            try await database.insert(1)
            let found4 = try await database.numbers()
            #expect(found4 == [1])
            proxy.behaviour = .holds
            // Where a connection was there its answer does not come; where none was, there is none.
            await #expect { try await database.numbers() } throws: { [.timedOut, .unreachable].contains($0 as? StoreError) }
            await #expect { try await database.insert(2) } throws: { [.timedOut, .unreachable].contains($0 as? StoreError) }
            proxy.behaviour = .forwards
            try await database.insert(3)
            let found5 = try await direct.numbers()
            #expect(found5 == [1, 3])
        }
    }

    /// R-099: who asks whether the server is there gives up long before an answer is given up.
    @Test func r099_aReadCanBeGivenUpWhileTheServerStandsStill() async throws {
        var limits = PostgresLimits()
        limits.connect = .seconds(1)
        limits.answer = .seconds(1)
        try await withNumbersBehindProxy(limits: limits) { database, proxy, _ in
            try await database.insert(1)
            proxy.behaviour = .holds
            let answer = await withTaskGroup(of: Result<Bool, any Error>.self) { group in
                group.addTask {
                    do {
                        return .success(try await database.isMigrated())
                    } catch {
                        return .failure(error)
                    }
                }
                group.cancelAll()
                return await group.next()
            }
            #expect(throws: CancellationError.self) { try answer?.get() }
            proxy.behaviour = .forwards
            let found = try await database.numbers()
            #expect(found == [1])
        }
    }

    @Test func aTransactionWhoseProcessStandsStillIsEndedAndRunsAgain() async throws {
        var limits = PostgresLimits()
        limits.idle = .milliseconds(50)
        try await withNumbers(limits: limits) { database, _ in
            let runs = Mutex(0)
            try await database.write { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (1)")
                guard
                    runs.withLock({
                        $0 += 1; return $0
                    }) == 1
                else { return }
                // Stands for a process that is stopped: nothing can be awaited here.
                _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 0.3)
            }
            #expect(runs.withLock { $0 } == 2)
            let found6 = try await database.numbers()
            #expect(found6 == [1])
        }
    }

    @Test func anErrorThatIsCaughtInsideATransactionDoesNotBecomeACommit() async throws {
        try await withNumbers { database, _ in
            try await database.insert(1)
            let careless: @Sendable (Transaction) throws -> Void = { transaction in
                try transaction.execute("INSERT INTO t (n) VALUES (2)")
                _ = try? transaction.execute("INSERT INTO t (n) VALUES (1)")
            }
            await #expect(throws: StoreError.self) { try await database.write(careless) }
            let gate = DispatchSemaphore(value: 0)
            let holder = database.enqueue { _ in gate.pass() }
            let (before, bad, after) = (database.add(3), database.enqueue(careless), database.add(4))
            gate.signal()
            try await holder.value
            await #expect(throws: StoreError.self) { try await bad.value }
            _ = try await (before.value, after.value)
            let found7 = try await database.numbers()
            #expect(found7 == [1, 3, 4])
        }
    }
}
