import AgentTesting
import DatabaseFixtures
import Logging
import Persistence
import Testing

@testable import Gateway

@Suite struct PruningTests {
    /// a key is known for 24 hours, and then forgotten.
    @Test(arguments: Driver.all) func r061_whatHasServedItsTimeIsDeletedAndNothingElse(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let time = SetClock()
            let stores = Stores(database: database, clock: time.wall)
            let ada = try await stores.users.create(email: #require(EmailAddress("ada@example.org")), name: "Ada", passwordHash: "h")
            let pruning = Pruning(
                stores: stores, wallClock: time.wall, clock: ContinuousClock(), logger: Logger(label: "prune") { _ in SwiftLogNoOpLogHandler() })
            let kept = try await stores.sessions.open(user: ada.id)
            for days in [nil, 2, 1] as [Int?] {
                let lifetime = days.map { Duration.seconds($0 * 86_400) }
                _ = try await stores.tokens.create("Phone", scopes: [.chat], hash: "\(days ?? 0)", lifetime: lifetime, user: ada.id, session: kept.id)
            }
            for number in 0..<3 {
                let ended = try await stores.sessions.open(user: ada.id)
                _ = try await stores.sessions.revoke(ended.id, user: ada.id)
                _ = try await stores.todos.todos(of: ada.id).add(title: "\(number)", idempotencyKey: "\(number)")
            }
            try await pruning.prune()
            #expect(try await counts(database) == [4, 3, 3])
            time.advance(by: .seconds(24 * 3_600 - 1))
            _ = try await stores.todos.todos(of: ada.id).add(title: "late", idempotencyKey: "late")
            try await pruning.prune()
            #expect(try await counts(database) == [4, 4, 3])
            time.advance(by: .seconds(2))
            try await pruning.prune()
            #expect(try await counts(database) == [1, 1, 3])
            time.advance(by: .seconds(24 * 3_600))
            try await pruning.prune()
            #expect(try await counts(database) == [1, 0, 2])
            #expect(try await stores.sessions.signedIn(kept.id) != nil)
            let list = try await stores.todos.todos(of: ada.id).list()
            #expect(list.data.count == 4)
        }
    }

    /// Only the day of today limits anything.
    @Test func whatWasUsedLongAgoIsForgotten() async throws {
        try await withDatabase { database in
            let time = SetClock()
            let stores = Stores(database: database, clock: time.wall)
            let ada = try await stores.users.create(email: #require(EmailAddress("ada@example.org")), name: "Ada", passwordHash: "h")
            let today = Int(time.now.milliseconds / 86_400_000)
            try await database.write { transaction in
                for day in today - 1...today {
                    try transaction.execute("INSERT INTO usage (owner, day, tokens) VALUES (\(ada.id), \(day), 7)")
                }
            }
            let pruning = Pruning(
                stores: stores, wallClock: time.wall, clock: ContinuousClock(), logger: Logger(label: "prune") { _ in SwiftLogNoOpLogHandler() })
            func days() async throws -> Int {
                try await pruning.prune()
                return try await database.read { try $0.one("SELECT COUNT(*) AS count FROM usage")?.int("count") ?? -1 }
            }
            #expect(try await days() == 2)
            time.advance(by: .seconds(89 * 86_400))
            #expect(try await days() == 1)
            time.advance(by: .seconds(86_400))
            #expect(try await days() == 0)
        }
    }

    @Test func moreThanABatchIsDeletedInSeveral() async throws {
        try await withDatabase { database in
            let time = SetClock()
            let stores = Stores(database: database, clock: time.wall)
            let ada = try await stores.users.create(email: #require(EmailAddress("ada@example.org")), name: "Ada", passwordHash: "h")
            for _ in 0..<Pruning.batch + 20 { _ = database.enqueueEndedSession(of: ada, at: time.now) }
            try await Pruning(
                stores: stores, wallClock: WallClock { time.now.adding(.seconds(48 * 3_600)) }, clock: ContinuousClock(),
                logger: Logger(label: "prune") { _ in SwiftLogNoOpLogHandler() }
            ).prune()
            #expect(try await counts(database).first == 0)
        }
    }

    private func counts(_ database: any Database) async throws -> [Int] {
        try await database.read { transaction in
            try ["sessions", "tool_effects", "api_tokens"].map { table in
                try transaction.one("SELECT COUNT(*) AS count FROM \(SQL(stringLiteral: table))")?.int("count") ?? -1
            }
        }
    }
}

extension Database {
    fileprivate func enqueueEndedSession(of user: User, at now: Timestamp) -> PendingWrite<Int> {
        let id = IdentifierGenerator().next()
        return enqueue {
            try $0.execute(
                """
                INSERT INTO sessions (id, user_id, counter, rotated_at, created_at, last_used_at, expires_at, idle_expires_at, revoked_at)
                VALUES (\(id), \(user.id), 1, \(now), \(now), \(now), \(now), \(now), \(now))
                """
            )
        }
    }
}
