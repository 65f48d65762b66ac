import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

/// What operators do with accounts, in the rows.
@Suite struct AccountAccessTests {
    @Test(arguments: Driver.all) func accountsAreListedByAddressInParts(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            for name in ["dora", "bob", "cleo"] { _ = try await stores.users.create(email: .of(name), name: name, passwordHash: nil) }
            let first = try await stores.users.accounts(limit: 2)
            let second = try await stores.users.accounts(after: first.last?.user.email ?? "", limit: 2)
            #expect((first + second).map(\.user.email) == ["ada", "bob", "cleo", "dora"].map { "\($0)@example.org" })
            #expect(first.first?.createdAt == clock.now)
            #expect(first.first?.lastUsedAt == nil)
            clock.advance(by: .seconds(5))
            _ = try await stores.sessions.open(user: ada.id)
            #expect(try await stores.users.account("ADA@example.org")?.lastUsedAt == clock.now)
            #expect(try await stores.users.account(ada.id)?.user == ada)
            #expect(try await stores.users.account("nobody") == nil)
        }
    }

    /// no token of the account is good any more, and no message of it is taken.
    @Test(arguments: Driver.all) func r015_disablingEndsSessionsAndRunsAtOnce(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let session = try await stores.sessions.open(user: ada.id)
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.delta("Half an ans")).durable()
            try await stores.users.disable(ada.id)

            #expect(try await stores.sessions.signedIn(session.id) == nil)
            #expect(try await stores.sessions.live(among: [session.id]).isEmpty)
            #expect(try await stores.sessions.rotate(session.id, counter: 1) == .ended)
            await #expect(throws: StoreError.noSuchOwner) { try await stores.sessions.open(user: ada.id) }
            #expect(try await stores.users.active(among: [ada.id]).isEmpty)

            let ended = try #require(try await stores.runs.run(run.id, owner: ada.id))
            #expect(ended.state == .stopped)
            let events = try await stores.runs.events(of: run.id, owner: ada.id)
            #expect(events.map(\.event) == [.start(RunStart(agent: "Assistant", input: [.user("Add milk")])), .delta("Half an ans"), .stopped])
            #expect(events.last?.id == ended.lastEventID)
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(.delta("wer")).durable() }
            let next = try await stores.instances.start("next")
            #expect(try await stores.runs.abandoned(byOthersThan: next).isEmpty)

            clock.advance(by: .seconds(60))
            try await stores.users.disable(ada.id)
            #expect(try await stores.users.account(ada.id)?.disabledAt == clock.now.adding(.seconds(-60)))
            try await stores.users.enable(ada.id)
            #expect(try await stores.users.account(ada.id)?.disabledAt == nil)
            _ = try await stores.sessions.open(user: ada.id)
            await #expect(throws: StoreError.noSuchOwner) { try await stores.users.disable("nobody") }
        }
    }

    @Test(arguments: Driver.all) func aRunThatWaitsForItsPersonIsStoppedToo(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, _) = try await acceptedRun(stores, owner: ada.id)
            // As the question to a person will leave it.
            try await stores.database.write { try $0.execute("UPDATE runs SET state = 'awaiting_approval' WHERE id = \(run.id)") }
            try await stores.users.disable(ada.id)
            #expect(try await stores.runs.run(run.id, owner: ada.id)?.state == .stopped)
        }
    }

    @Test(arguments: Driver.all) func aOneTimePasswordIsExchangedOnceAndInTime(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let session = try await stores.sessions.open(user: ada.id)
            try await stores.users.setOneTimePasswordHash("once", of: ada.id, until: clock.now.adding(.seconds(60)))
            #expect(try await stores.sessions.signedIn(session.id) == nil)
            #expect(try await stores.users.credentials(email: .of("ada"))?.oneTimeUntil == clock.now.adding(.seconds(60)))
            let (once, other) = (Credentials(user: ada, passwordHash: "once"), Credentials(user: ada, passwordHash: "other"))
            #expect(try await stores.sessions.open(with: other, newPasswordHash: "new") == nil)
            #expect(try await stores.sessions.open(with: once) == nil, "It lets nobody in by itself.")
            let outcomes = try await withThrowingTaskGroup(of: SignInSession?.self) { group in
                for number in 0..<8 { group.addTask { try await stores.sessions.open(with: once, newPasswordHash: "new \(number)") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 != nil } == 1)
            #expect(try await stores.sessions.list(user: ada.id).count == 1)
            #expect(try await stores.users.credentials(email: .of("ada"))?.oneTimeUntil == nil)

            try await stores.users.setOneTimePasswordHash("late", of: ada.id, until: clock.now.adding(.seconds(60)))
            clock.advance(by: .seconds(61))
            #expect(try await stores.sessions.open(with: Credentials(user: ada, passwordHash: "late"), newPasswordHash: "new") == nil)
        }
    }

    /// in one commit, so that no crash leaves a session behind.
    @Test(arguments: Driver.all) func r025_aNewPasswordEndsEverySession(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let session = try await stores.sessions.open(user: ada.id)
            let changed = try await stores.sessions.open(with: Credentials(user: ada, passwordHash: "h"), newPasswordHash: "new")
            #expect(try await stores.sessions.signedIn(session.id) == nil)
            #expect(try await stores.sessions.list(user: ada.id).map(\.id) == [changed?.id])
            await #expect(throws: StoreError.noSuchOwner) { try await stores.sessions.open(user: ada.id) }
            #expect(try await !stores.users.delete(ada.id, ifPasswordHashIs: "h"))
        }
    }

    /// R-120, K15: no row of any table knows of the account any more, and the run that was open can write no new ones.
    @Test(arguments: Driver.all) func r120_deletingTakesTheRowsOfEveryTable(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let bob = try await stores.users.create(email: .of("bob"), name: "Bob", passwordHash: "h")
            let instance = try await stores.instances.start("budget")
            for user in [ada, bob] {
                let session = try await stores.sessions.open(user: user.id, userAgent: "phone")
                try await stores.rateLimits.take(from: [RateLimitBucket(.messages, of: user.id, limit: RateLimit(2, every: .seconds(60)))])
                _ = try await stores.tokens.create("canary", scopes: [.chat], hash: user.id, user: user.id, session: session.id)
                let (_, log) = try await acceptedRun(stores, owner: user.id)
                try await log.append(.delta("canary")).durable()
                _ = try await stores.todos.todos(of: user.id, claim: log.claim)
                    .add(title: "canary", for: CallKey(run: log.run, turn: 1, index: 0))
                _ = try await stores.todos.todos(of: user.id).add(title: "canary", idempotencyKey: "key")
                let budget = DailyBudget(Budget(tokens: 10_000), of: user.id, by: instance, in: stores.usage)
                _ = try await budget.reserve(BudgetRequest(inputTokens: 1, answerTokens: 20))
            }
            let (open, log) = try await acceptedRun(stores, owner: ada.id, activeLimit: 3)
            let before = try await stores.rows(about: ada, on: driver)
            #expect(
                before.keys.sorted() == [
                    "api_tokens", "conversations", "rate_limits", "run_events", "runs", "sessions", "todos", "tool_effects", "usage",
                    "usage_reservations", "users",
                ])

            #expect(try await stores.users.delete(ada.id))
            await #expect(throws: StoreError.claimLost(run: open.id)) { try await log.append(.delta("late")).durable() }
            await #expect(throws: (any Error).self) { try await stores.todos.todos(of: ada.id, claim: log.claim).add(title: "late") }
            await #expect(throws: StoreError.noSuchOwner) { try await stores.todos.todos(of: ada.id).add(title: "late") }
            await #expect(throws: StoreError.noSuchOwner) { try await acceptedRun(stores, owner: ada.id) }
            #expect(try await stores.rows(about: ada, on: driver).isEmpty)
            #expect(try await stores.rows(about: bob, on: driver).keys.sorted() == before.keys.sorted())
        }
    }
}

extension Stores {
    /// How many rows of each table hold the id or the address of a user, in whatever column, or belong to one that does.
    fileprivate func rows(about user: User, on driver: Driver) async throws -> [String: Int] {
        let tables: SQL =
            switch driver {
            case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table'"
            case .postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        let anywhere = "%\(user.id)%"
        return try await database.read { transaction in
            var counts: [String: Int] = [:]
            for table in try transaction.all(tables).map({ try $0.text("name") }) {
                let condition: SQL =
                    switch table {
                    case "users": "id = \(user.id)"
                    case "sessions", "api_tokens": "user_id = \(user.id)"
                    case "run_events": "run_id IN (SELECT id FROM runs WHERE owner = \(user.id)) OR NOT EXISTS (SELECT 1 FROM runs WHERE id = run_id)"
                    case "rate_limits": "bucket LIKE \(anywhere)"
                    case "schema_migrations", "instances": "1 = 0"
                    default: "owner = \(user.id)"
                    }
                let row = try transaction.one("SELECT COUNT(*) AS count FROM \(SQL(stringLiteral: table)) WHERE \(condition)")
                let count = try row?.int("count") ?? 0
                if count > 0 { counts[table] = count }
            }
            return counts
        }
    }
}
