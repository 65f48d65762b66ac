import AgentRuntime
import AgentTesting
import DatabaseFixtures
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
                let used = try await UsageStore(database: database).used(by: ada)
                #expect((1...6_000).contains(used.tokens))

                let bob = browser.another()
                _ = try await bob.register("bob")
                #expect(try await bob.chat("Hi").types.last == "done")
                #expect(fixture.gateway.log.text.contains("event=budget_exceeded"))
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
                let used = try await UsageStore(database: database).used(by: ada)
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
                #expect(try await UsageStore(database: database).used(by: ada) == Spending())
                let rows = try await database.read { try $0.all("SELECT id FROM usage_reservations") }
                #expect(rows.isEmpty)
            }
        }
    }
}
