import AgentTesting
import DatabaseFixtures
import Testing

@testable import AgentRuntime
@testable import Persistence

/// Model requests of which nobody says what the provider charges.
@Suite(.timeLimit(.minutes(5))) struct UnansweredTriesTests {
    private static let price = ModelPrice(input: 3, output: 5)
    private static let usage = Usage(requests: 1, inputTokens: 7, outputTokens: 2)
    private static let answer = ScriptedModel.Step.response(ModelResponse(items: [.assistant("Yes.")], usage: usage))

    private static let sent: [TransportError] = [
        .firstByteTimedOut, .betweenBytesTimedOut, .totalTimedOut, .connectionLost("the stream ended before an answer began"),
        .malformedResponse(""), .headersTooLarge(limit: 1), .shutDown,
    ]

    private static let unsent: [ModelError] = [
        .transport(.couldNotResolve), .transport(.couldNotConnect), .transport(.connectTimedOut), .transport(.tls("")), .transport(.refusedURL("")),
        .transport(.refusedRequest("")), .http(status: 400, message: "", retryAfter: nil), .http(status: 503, message: "", retryAfter: nil),
        .conversationLocked(""), .circuitOpen,
    ]

    /// What a person has used, and what their runs ask.
    private struct Day: Sendable {
        let store: UsageStore
        let owner: String
        let ledger: DailyBudget
        let database: any Database

        /// Says "Hi" to the model, and gives what the day counts for it.
        func used(by model: any Model, log: InMemoryRunLog = InMemoryRunLog()) async throws -> (result: RunResult?, spending: Spending) {
            let before = try await store.used(by: owner)
            let agent = Agent<Void>.stub(instructions: "")
            let runner = Runner(model: model, prices: PriceList(["scripted": UnansweredTriesTests.price]))
            var config = RunConfig<Void>()
            config.ledger = ledger
            var result: RunResult?
            do {
                result = try await runner.run(agent, input: "Hi", context: (), config: config, log: log)
            } catch RunError.model {}
            // Behind what was settled.
            try await database.write { _ in }
            return (result, try await store.used(by: owner) - before)
        }
    }

    private func withDay(
        _ budget: Budget = Budget(tokens: 100_000, cost: 1_000_000),
        on driver: Driver,
        _ body: @escaping @Sendable (Day) async throws -> Void
    ) async throws {
        try await withDatabase(on: driver) { database in
            let owner = try await UserStore(database: database).create(email: .of("ada"), name: "Ada", passwordHash: nil).id
            let instance = try await InstanceStore(database: database).start("p", lease: nil)
            let store = UsageStore(database: database)
            let ledger = DailyBudget(budget, of: owner, by: instance, in: store)
            try await body(Day(store: store, owner: owner, ledger: ledger, database: database))
        }
    }

    private static func input(times: Int) -> Spending {
        let tokens = Item.user("Hi").json.bytes.count
        return Spending(tokens: tokens * times, cost: tokens * times * price.input)
    }

    private static let answered = Spending(tokens: 9, cost: 7 * price.input + 2 * price.output)

    private static func retrying(_ errors: [ModelError], then steps: [ScriptedModel.Step] = []) -> RetryingModel {
        RetryingModel(ScriptedModel(errors.map { .error($0) } + steps), retry: RetrySettings(maxRetries: 2, backoff: .init(initialDelay: .zero)))
    }

    @Test(arguments: Driver.allCases)
    func r088_aRequestThatWasSentAndNotAnsweredCountsItsInput(on driver: Driver) async throws {
        try await withDay(on: driver) { day in
            for error in Self.sent {
                let (result, used) = try await day.used(by: ScriptedModel(.error(ModelError.transport(error))))
                #expect(result == nil)
                #expect(used == Self.input(times: 1), "\(error)")
            }
        }
    }

    @Test(arguments: Driver.allCases)
    func r088_aRequestThatDidNotReachTheModelCountsNothing(on driver: Driver) async throws {
        try await withDay(on: driver) { day in
            for error in Self.unsent {
                let used = try await day.used(by: ScriptedModel(.error(error))).spending
                #expect(used == Spending(), "\(error)")
            }
            let tried = try await day.used(by: Self.retrying([.transport(.couldNotConnect), Self.unsent[7]], then: [Self.answer]))
            #expect(tried.spending == Self.answered)
        }
    }

    @Test(arguments: Driver.allCases)
    func r088_triesThatWereSentAndBrokeCountBesideTheAnswer(on driver: Driver) async throws {
        try await withDay(on: driver) { day in
            let broken: [ModelError] = [.transport(.firstByteTimedOut), .transport(.connectionLost("reset"))]
            let log = InMemoryRunLog()
            let (result, used) = try await day.used(by: Self.retrying(broken, then: [Self.answer]), log: log)
            #expect(used == Self.answered + Self.input(times: 2))
            #expect(result?.usage.totalTokens == 9, "what the provider told")
            #expect(result?.usage.requests == 3)

            let again = try await day.used(by: ScriptedModel(), log: log)
            #expect(again.spending == Spending())
            #expect(again.result?.usage == result?.usage)

            let unanswered = try await day.used(by: Self.retrying(broken + broken.prefix(1))).spending
            #expect(unanswered == Self.input(times: 3))
            let refused = try await day.used(by: Self.retrying([broken[0], Self.unsent[6]])).spending
            #expect(refused == Self.input(times: 1))
        }
    }

    @Test(arguments: Driver.allCases)
    func r088_whatEachModelOfAChainWasSentCounts(on driver: Driver) async throws {
        try await withDay(on: driver) { day in
            let silent = Self.retrying(Array(repeating: .transport(.firstByteTimedOut), count: 3))
            let chain = FallbackModel(silent, ScriptedModel(.error(Self.unsent[0])), ScriptedModel(Self.answer))
            let used = try await day.used(by: chain).spending
            #expect(used == Self.answered + Self.input(times: 3))
        }
    }

    @Test(arguments: Driver.allCases)
    func r088_aProviderThatNeverAnswersUsesUpTheDay(on driver: Driver) async throws {
        let budget = Budget(tokens: 5_000)
        try await withDay(budget, on: driver) { day in
            let tokens = Self.input(times: 1).tokens
            var runs = 0
            do {
                while runs < 1_000 {
                    _ = try await day.used(by: Self.retrying(Array(repeating: .transport(.firstByteTimedOut), count: 3)))
                    runs += 1
                }
            } catch RunError.budgetUsedUp {}
            #expect(runs == (5_000 - tokens - 16) / (3 * tokens) + 1)
            #expect(try await day.store.used(by: day.owner).tokens <= 5_000 + 2 * tokens, "the tries that no reservation covers")
        }
    }
}
