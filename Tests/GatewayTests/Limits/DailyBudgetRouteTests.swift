import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing
import Tools

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct DailyBudgetRouteTests {
    /// Uses what it was allowed.
    private static func greedy(input: Int) -> ScriptedModel.Step {
        .respond { request in
            let usage = Usage(requests: 1, inputTokens: input, outputTokens: request.settings.maxTokens ?? 100_000)
            return ModelResponse(items: [.assistant("Yes.")], usage: usage)
        }
    }

    private static let agent = Agent<UserContext>(name: "Assistant", instructions: "")

    @Test(arguments: Driver.allCases)
    func whoHasUsedUpTheDayGetsNoMoreAndOthersDo(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let model = ScriptedModel(Array(repeating: Self.greedy(input: 10), count: 20))
            let fixture = try await ChatFixture(
                database, model: model, agent: Self.agent, limits: ChatLimits(daily: Budget(tokens: 6_000)))
            try await fixture.serve { browser in
                let ada = try await browser.register("ada").json["id"]?.string ?? ""
                var ends: [JSONValue] = []
                for _ in 1...4 { ends.append(try #require(try await browser.chat("Hi").last)) }
                #expect(ends.first?["type"] == "done")
                let last = try #require(ends.last)
                #expect(last["type"] == "error")
                #expect(last["code"] == "budget_exceeded")
                #expect(last["retry"] == false)
                #expect(last["message"]?.string?.contains("day") == true)
                let used = try await fixture.service.usage.used(by: ada)
                #expect((1...6_000).contains(used.tokens))

                let bob = browser.another()
                _ = try await bob.register("bob")
                #expect(try await bob.chat("Hi").types.last == "done")
                #expect(fixture.gateway.log.text.contains("event=budget_exceeded"))
            }
        }
    }

    /// What a day is limited in: a token costs a billionth.
    enum Currency: CaseIterable {
        case tokens, money

        var budget: Budget { self == .tokens ? Budget(tokens: 6_000) : Budget(cost: 6_000) }
    }

    @Test(arguments: Driver.allCases, Currency.allCases)
    func theRunThatGoesBeyondIsRefusedAndTheNextDayBeginsAgain(on driver: Driver, currency: Currency) async throws {
        try await withDatabase(on: driver) { database in
            let model = ScriptedModel(Array(repeating: Self.greedy(input: 10), count: 20))
            let fixture = try await ChatFixture(
                database, model: model, agent: Self.agent, limits: ChatLimits(daily: currency.budget),
                prices: PriceList([model.name: ModelPrice(input: 1, output: 1)]))
            try await fixture.serve { browser in
                let ada = try await browser.register("ada").json["id"]?.string ?? ""
                for day in 1...2 {
                    var ends: [JSONValue] = []
                    while ends.last?["type"] != "error", ends.count < 9 { ends.append(try #require(try await browser.chat("Hi").last)) }
                    #expect(ends.first?["type"] == "done", "day \(day)")
                    #expect(ends.last?["code"] == "budget_exceeded")
                    #expect(ends.last?["retry"] == false)
                    let asked = model.requests.count
                    #expect(try await browser.chat("Hi").last?["code"] == "budget_exceeded")
                    #expect(model.requests.count == asked, "with nothing left nobody is asked")
                    let used = try await fixture.service.usage.used(by: ada)
                    #expect((5_500...6_000).contains(currency == .tokens ? used.tokens : used.cost), "\(used)")
                    #expect(used.tokens == used.cost)
                    try await fixture.passDay(on: driver)
                    #expect(try await browser.signIn("ada").status == 200)
                }
                #expect(try await fixture.service.usage.used(by: ada) == Spending())
            }
        }
    }

    /// What was done before the day was used up stays done, and can be read.
    @Test(arguments: Driver.allCases)
    func aRunThatUsesUpTheDayInItsMiddleKeepsWhatItDid(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let call = ScriptedModel.Step.respond { _ in
                let usage = Usage(requests: 1, inputTokens: 10, outputTokens: 9_000)
                return ModelResponse(items: [.call("add_todo", #"{"title": "Milk"}"#, id: "c1")], usage: usage)
            }
            let fixture = try await ChatFixture(
                database, model: ScriptedModel(call, .text("Done.")), limits: ChatLimits(daily: Budget(tokens: 10_000)))
            try await fixture.serve { browser in
                _ = try await browser.register("ada")
                let events = try await browser.chat("Milk, please")
                #expect(events.types.suffix(2) == ["tool_result", "error"])
                #expect(events.last?["code"] == "budget_exceeded")
                #expect(try await browser.send(.get, "/api/todos").json["data"]?.array?.map { $0["title"] } == ["Milk"])
                let conversation = events.first?["conversation_id"]?.string ?? ""
                let messages = try await browser.send(.get, "/api/conversations/\(conversation)").json["messages"]?.array
                #expect(messages?.last?["calls"]?.array?.map { $0["status"] } == ["ok"])
                #expect(try await browser.send(.post, "/api/conversations/\(conversation)/retry", [:]).status == 409, "it would end in the same way")
            }
        }
    }

    @Test func runsTogetherDoNotOvershoot() async throws {
        try await withDatabase { database in
            let model = ScriptedModel(Array(repeating: Self.greedy(input: 10), count: 20))
            let fixture = try await ChatFixture(
                database, model: model, agent: Self.agent, limits: ChatLimits(runsPerUser: 20, daily: Budget(tokens: 10_000)))
            try await fixture.serve { browser in
                let ada = try await browser.register("ada").json["id"]?.string ?? ""
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 { group.addTask { _ = try await browser.chat("Hi") } }
                    try await group.waitForAll()
                }
                try await database.write { _ in }
                let used = try await fixture.service.usage.used(by: ada)
                #expect((4_000...10_000).contains(used.tokens))
            }
        }
    }

    @Test func aRequestThatFailedBeforeItsAnswerUsesNothing() async throws {
        try await withDatabase { database in
            let model = ScriptedModel([.error(ModelError.http(status: 400, message: "", retryAfter: nil))])
            let fixture = try await ChatFixture(database, model: model, agent: Self.agent, limits: ChatLimits(daily: Budget(tokens: 6_000)))
            try await fixture.serve { browser in
                let ada = try await browser.register("ada").json["id"]?.string ?? ""
                #expect(try await browser.chat("Hi").types.last == "error")
                try await database.write { _ in }
                #expect(try await fixture.service.usage.used(by: ada) == Spending())
                let rows = try await database.read { try $0.all("SELECT id FROM usage_reservations") }
                #expect(rows.isEmpty)
            }
        }
    }
}

extension ChatFixture {
    /// Lets a day go by: by this process's clock, or on a server, whose clock is its own, by making a day older what was used.
    fileprivate func passDay(on driver: Driver) async throws {
        gateway.time.advance(by: .seconds(86_400))
        if driver == .postgres { try await database.write { try $0.execute("UPDATE usage SET day = day - 1") } }
    }
}
