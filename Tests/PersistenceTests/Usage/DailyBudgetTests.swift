import DatabaseFixtures
import Synchronization
import Testing

@testable import AgentRuntime
@testable import Persistence

@Suite(.timeLimit(.minutes(5))) struct DailyBudgetTests {
    /// What calls under way may use.
    private struct UnderWay {
        var now = Spending()
        var most = 0
    }

    private final class Tally: Sendable {
        let used = Mutex(Spending())
        let underWay = Mutex(UnderWay())
    }

    private static let call = BudgetRequest(inputTokens: 100, answerTokens: 400)

    /// A database with one person, and processes that carry out their runs.
    private func withUsage(
        on driver: Driver,
        processes: Int = 1,
        lease: Duration? = nil,
        _ body: @escaping @Sendable (any Database, String, [Instance]) async throws -> Void
    ) async throws {
        try await withDatabase(on: driver) { database in
            let user = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: nil)
            var instances: [Instance] = []
            for number in 0..<processes { instances.append(try await InstanceStore(database: database).start("p\(number)", lease: lease)) }
            try await body(database, user.id, instances)
        }
    }

    @Test(arguments: Driver.allCases)
    func aThousandConcurrentReservationsDoNotOvershoot(on driver: Driver) async throws {
        try await withUsage(on: driver, processes: 3) { database, owner, instances in
            let budget = Budget(tokens: 100_000, cost: 40_000)
            let store = UsageStore(database: database)
            let tally = Tally()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    let ledger = DailyBudget(budget, of: owner, by: instances[number % 3], in: store)
                    let request = BudgetRequest(inputTokens: 100, answerTokens: 400, price: ModelPrice(input: 1, output: 1))
                    group.addTask {
                        do {
                            let reservation = try await ledger.reserve(request)
                            tally.underWay.withLock {
                                $0.now = $0.now + reservation.spending
                                $0.most = max($0.now.cost, $0.most)
                            }
                            // Each answer is a quarter of what was feared.
                            let real = Spending(tokens: 200, cost: 200)
                            tally.used.withLock { $0 = $0 + real }
                            tally.underWay.withLock { $0.now = $0.now - reservation.spending }
                            ledger.settle(reservation, used: real)
                            return true
                        } catch RunError.budgetUsedUp {
                            return false
                        }
                    }
                }
                var granted = 0
                for try await isGranted in group where isGranted { granted += 1 }
                #expect((1...200).contains(granted), "money for 200 calls, were they made one after the other")
                #expect(tally.used.withLock { $0.cost } == granted * 200)
            }
            // Behind everything that was settled.
            try await database.write { _ in }
            let stored = try await store.used(by: owner)
            #expect(stored == tally.used.withLock { $0 })
            #expect(stored.cost <= 40_000)
            #expect(tally.underWay.withLock { $0.most } <= 40_000)
            let left = try await database.read { try $0.one("SELECT COUNT(*) AS n FROM usage_reservations")?.int("n") }
            #expect(left == 0)
        }
    }

    @Test(arguments: Driver.allCases)
    func replicasShareABudget(on driver: Driver) async throws {
        try await withReplicas(on: driver) { replicas, owner in
            var ledgers: [DailyBudget] = []
            for (number, stores) in replicas.enumerated() {
                let instance = try await stores.instances.start("p\(number)")
                ledgers.append(DailyBudget(Budget(tokens: 10_000), of: owner.id, by: instance, in: stores.usage))
            }
            let reserved = await withTaskGroup(of: Int.self) { group in
                for number in 0..<60 {
                    let ledger = ledgers[number % 2]
                    group.addTask { (try? await ledger.reserve(Self.call).spending.tokens) ?? 0 }
                }
                return await group.reduce(into: 0) { $0 += $1 }
            }
            #expect(reserved == 10_000)
        }
    }

    @Test(arguments: Driver.allCases)
    func callsUnderWayHoldWhatTheyMayUse(on driver: Driver) async throws {
        try await withUsage(on: driver) { database, owner, instances in
            let ledger = DailyBudget(Budget(tokens: 1_200), of: owner, by: instances[0], in: UsageStore(database: database))
            let first = try await ledger.reserve(Self.call)
            #expect(first.answerTokens == 400)
            #expect(first.spending.tokens == 500)
            _ = try await ledger.reserve(Self.call)
            // The third gets what is left, and the fourth nothing.
            let third = try await ledger.reserve(Self.call)
            #expect(third.answerTokens == 100)
            await #expect(throws: RunError.self) { try await ledger.reserve(Self.call) }
            ledger.settle(first, used: Spending())
            #expect(try await ledger.reserve(Self.call).answerTokens == 400)
        }
    }

    @Test(arguments: Driver.allCases)
    func whatOneUsesIsNotAnothers(on driver: Driver) async throws {
        try await withUsage(on: driver) { database, owner, instances in
            let other = try await UserStore(database: database).create(email: .of("bob"), name: "Bob", passwordHash: nil).id
            let store = UsageStore(database: database)
            let budget = Budget(tokens: 500)
            _ = try await DailyBudget(budget, of: owner, by: instances[0], in: store).reserve(Self.call)
            _ = try await DailyBudget(budget, of: other, by: instances[0], in: store).reserve(Self.call)
            await #expect(throws: RunError.self) { try await DailyBudget(budget, of: owner, by: instances[0], in: store).reserve(Self.call) }
        }
    }

    @Test(arguments: Driver.allCases)
    func reservationsOfProcessesThatAreGoneDoNotCount(on driver: Driver) async throws {
        try await withUsage(on: driver, processes: 2) { database, owner, instances in
            let store = UsageStore(database: database)
            let budget = Budget(tokens: 500)
            _ = try await DailyBudget(budget, of: owner, by: instances[0], in: store).reserve(Self.call)
            let second = DailyBudget(budget, of: owner, by: instances[1], in: store)
            await #expect(throws: RunError.self) { try await second.reserve(Self.call) }
            // It gave its lease back, as on the way down.
            try await InstanceStore(database: database).release(instances[0])
            let reservation = try await second.reserve(Self.call)
            second.settle(reservation, used: Spending())
            // Another process under the same name is another process.
            _ = try await DailyBudget(budget, of: owner, by: instances[1], in: store).reserve(Self.call)
            let third = try await InstanceStore(database: database).start("p1")
            _ = try await DailyBudget(budget, of: owner, by: third, in: store).reserve(Self.call)
        }
    }

    @Test func aNewDayBeginsWithNothingUsed() async throws {
        try await withUsage(on: .sqlite) { database, owner, instances in
            let time = Mutex(Timestamp(milliseconds: 20_000 * 86_400_000 + 86_399_000))
            let store = UsageStore(database: database, clock: WallClock { time.withLock { $0 } })
            let ledger = DailyBudget(Budget(tokens: 500), of: owner, by: instances[0], in: store)
            let late = try await ledger.reserve(Self.call)
            await #expect(throws: RunError.self) { try await ledger.reserve(Self.call) }
            time.withLock { $0 = $0.adding(.seconds(2)) }
            _ = try await ledger.reserve(Self.call)
            // It counts for the day on which it was reserved.
            ledger.settle(late, used: Spending(tokens: 450))
            try await database.write { _ in }
            #expect(try await store.used(by: owner).tokens == 0)
            time.withLock { $0 = $0.adding(.seconds(3 * 86_400)) }
            #expect(try await store.pruneReservations() == 1)
        }
    }

    /// Whatever was used today stays, and what others used on the same days as well.
    @Test(arguments: Driver.allCases)
    func whatWasUsedIsForgottenAfterNinetyDays(on driver: Driver) async throws {
        try await withUsage(on: driver) { database, owner, instances in
            let bob = try await UserStore(database: database).create(email: .of("bob"), name: "Bob", passwordHash: nil).id
            let store = UsageStore(database: database)
            for user in [owner, bob] {
                let ledger = DailyBudget(Budget(tokens: 10_000), of: user, by: instances[0], in: store)
                ledger.settle(try await ledger.reserve(Self.call), used: Spending(tokens: 100))
                try await database.write { transaction in
                    for age in [1, 88, 89, 90, 91, 10_000] {
                        let past = "SELECT owner, day - \(age), tokens, cost FROM usage WHERE owner = \(user) ORDER BY day DESC LIMIT 1" as SQL
                        try transaction.execute("INSERT INTO usage (owner, day, tokens, cost) \(past)")
                    }
                }
            }
            #expect(try await store.pruneReservations() == 0)
            #expect(try await store.pruneDays(limit: 4) == 4)
            #expect(try await store.pruneDays(limit: 4) == 2)
            #expect(try await store.pruneDays() == 0)
            for user in [owner, bob] {
                let ages = try await database.read { transaction in
                    let rows = try transaction.all("SELECT day FROM usage WHERE owner = \(user) ORDER BY day DESC")
                    let days = try rows.map { try $0.int("day") }
                    return days.map { (days.first ?? 0) - $0 }
                }
                #expect(ages == [0, 1, 88, 89])
                #expect(try await store.used(by: user).tokens == 100)
            }
        }
    }

    /// A call that ends when its day is forgotten has nothing to be noted on.
    @Test func aReservationOfAForgottenDaySettlesToNothing() async throws {
        try await withUsage(on: .sqlite) { database, owner, instances in
            let time = Mutex(Timestamp(milliseconds: 20_000 * 86_400_000))
            let store = UsageStore(database: database, clock: WallClock { time.withLock { $0 } })
            let ledger = DailyBudget(Budget(tokens: 500), of: owner, by: instances[0], in: store)
            let early = try await ledger.reserve(Self.call)
            time.withLock { $0 = $0.adding(.seconds(UsageStore.keptDays * 86_400)) }
            #expect(try await store.pruneDays() == 1)
            ledger.settle(early, used: Spending(tokens: 450))
            try await database.write { _ in }
            #expect(try await store.used(by: owner) == Spending())
            let rows = try await database.read { try $0.all("SELECT owner FROM usage_reservations UNION ALL SELECT owner FROM usage") }
            #expect(rows.isEmpty)
        }
    }

    @Test func moneyIsLimitedByPrice() {
        let request = BudgetRequest(inputTokens: 100, answerTokens: 400, price: ModelPrice(input: 2, output: 10))
        #expect(request.fitting(Spending(tokens: .max, cost: 4_200))?.answerTokens == 400)
        #expect(request.fitting(Spending(tokens: .max, cost: 1_200))?.answerTokens == 100)
        #expect(request.fitting(Spending(tokens: .max, cost: 1_200))?.spending == Spending(tokens: 200, cost: 1_200))
        #expect(request.fitting(Spending(tokens: .max, cost: 350)) == nil)
        #expect(request.fitting(Spending(tokens: 500, cost: .max))?.answerTokens == 400)
    }
}
