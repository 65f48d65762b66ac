import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// A run cannot use more tokens or money than its budget has, whatever its calls do at the same time.
@Suite(.timeLimit(.minutes(5))) struct BudgetTests {
    /// An answer that uses all that it was allowed, as the provider counts it.
    private static func greedy(_ items: [Item], input: Int = 10, asking limits: Limits? = nil) -> ScriptedModel.Step {
        .respond { request in
            let output = request.settings.maxTokens ?? 100_000
            limits?.note(output)
            return ModelResponse(items: items, usage: Usage(requests: 1, inputTokens: input, outputTokens: output))
        }
    }

    /// The answers' limits that a model was asked with.
    final class Limits: Sendable {
        private let kept = Mutex<[Int]>([])
        var all: [Int] { kept.withLock { $0 } }
        func note(_ limit: Int) { kept.withLock { $0.append(limit) } }
    }

    private func limits(tokens: Int? = nil, cost: Int? = nil) -> RunLimits {
        RunLimits(turns: nil, identicalCalls: nil, budget: Budget(tokens: tokens, cost: cost))
    }

    @Test func theAnswersLimitIsLoweredToWhatIsLeftAndThenTheRunEnds() async throws {
        let run = await inBothModes(throwing: RunError.budgetExceeded) { mode in
            var agent = Agent<Void>.stub(tools: [.stub("look")])
            agent.settings.maxTokens = 300
            let call = Item.call("look", "{}", id: "a")
            let steps = (0..<9).map { _ in Self.greedy([call]) }
            try await mode.run(agent, model: steps, limits: limits(tokens: 1_500))
        }
        let answers = run.requests.compactMap(\.settings.maxTokens)
        #expect(answers.prefix(2) == [300, 300])
        #expect(answers.last.map { $0 < 300 } == true)
        #expect(answers.reduce(0, +) + 10 * answers.count <= 1_500)
        #expect(run.sketches.last == "error budget_exceeded")
    }

    @Test func aFirstCallThatIsTooLargeIsNotMade() async throws {
        let run = await inBothModes(throwing: RunError.budgetExceeded) { mode in
            try await mode.run(Agent<Void>.stub(), String(repeating: "x", count: 900), model: [.text("Yes")], limits: limits(tokens: 900))
        }
        #expect(run.requests.isEmpty)
    }

    @Test func nestedRunsUnderWayTogetherShareOneBudget() async throws {
        let asked = Limits()
        let helper = { (name: String) in
            var agent = Agent<Void>.stub(name, instructions: "")
            agent.settings.maxTokens = 400
            agent.model = ScriptedModel([Self.greedy([.assistant("ok")], asking: asked)])
            return agent.asTool(name: name, description: "Helps.")
        }
        var agent = Agent<Void>.stub(instructions: "", tools: ["a", "b", "c", "d"].map(helper))
        agent.settings.maxTokens = 100
        agent.budget = Budget(tokens: 2_000)
        let calls = ["a", "b", "c", "d"].map { Item.call($0, #"{"input":"x"}"#, id: $0) }
        let (runner, _) = Runner.scripted(Self.greedy(calls, asking: asked), Self.greedy([.assistant("Done")], asking: asked))
        let log = InMemoryRunLog()
        let result = try? await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(asked.all.count >= 3)
        #expect(asked.all.reduce(0) { $0 + $1 + 10 } <= 2_000)
        if let result { #expect(result.usage.totalTokens <= 2_000) }
    }

    @Test func aCallWaitsForWhatCallsUnderWayMayLeave() async throws {
        let began = Gate()
        let goOn = Gate()
        let small = { (name: String, model: ScriptedModel) in
            var agent = Agent<Void>.stub(name, instructions: "")
            agent.settings.maxTokens = 600
            agent.model = model
            return agent.asTool(name: name, description: "Helps.")
        }
        let first = ScriptedModel([
            .respond { _ in
                began.open()
                try await goOn.wait()
                return ModelResponse(items: [.assistant("little")], usage: Usage(requests: 1, inputTokens: 5, outputTokens: 5))
            }
        ])
        let second = ScriptedModel([.text("little too")])
        var agent = Agent<Void>.stub(instructions: "", tools: [small("a", first), small("b", second)])
        agent.settings.maxTokens = 100
        agent.budget = Budget(tokens: 2_000)
        let calls = ["a", "b"].map { Item.call($0, #"{"input":"x"}"#, id: $0) }
        let used = Usage(requests: 1, inputTokens: 900, outputTokens: 10)
        let (runner, _) = Runner.scripted(.response(ModelResponse(items: calls, usage: used)), .text("Done"))
        async let result = runner.run(agent, input: "Hi", context: ())
        try await began.wait()
        goOn.open()
        #expect(try await result.output == "Done")
        #expect(second.requests.count == 1)
    }

    @Test func moneyIsCountedByThePriceList() async throws {
        let prices = try PriceList(json: #"{"scripted": {"input": 1, "cached_input": 0.1, "output": 10}}"#)
        let usage = Usage(requests: 1, inputTokens: 1_000, outputTokens: 100, cachedTokens: 400)
        let run = try await inBothModes { mode in
            let step = ScriptedModel.Step.response(ModelResponse(items: [.assistant("Yes")], usage: usage))
            try await mode.run(Agent<Void>.stub(), model: [step], limits: limits(cost: 100_000_000)) { $0.prices = prices }
        }
        #expect(run.result?.usage.cost == 600 * 1_000 + 400 * 100 + 100 * 10_000)
    }

    @Test func aBudgetOfMoneyEndsTheRunBeforeItIsOverspent() async throws {
        let prices = PriceList(["scripted": ModelPrice(input: 1_000, output: 10_000)])
        let call = Item.call("look", "{}", id: "a")
        let run = await inBothModes(throwing: RunError.budgetExceeded) { mode in
            let steps = (0..<40).map { _ in Self.greedy([call]) }
            try await mode.run(.stub(tools: [.stub("look")]), model: steps, limits: limits(cost: 50_000_000)) { $0.prices = prices }
        }
        let cost = run.requests.compactMap(\.settings.maxTokens).reduce(0) { $0 + $1 * 10_000 + 10 * 1_000 }
        #expect(cost <= 50_000_000)
        #expect(run.requests.count > 1)
    }

    @Test func aModelWithoutAPriceCannotBeHeldAgainstMoney() async throws {
        await inBothModes(throwing: RunError.user("The price list has no price for the model 'scripted'.")) { mode in
            try await mode.run(Agent<Void>.stub(), model: [.text("Yes")], limits: limits(cost: 1))
        }
    }

    @Test func whatTheLogHoldsIsAlreadyUsed() async throws {
        let call = Item.call("look", "{}", id: "a")
        let agent = Agent<Void>.stub(tools: [.stub("look")])
        let used = Usage(requests: 1, inputTokens: 500, outputTokens: 480)
        let log = InMemoryRunLog(prefix: [
            RunRecord(id: 1, event: .start(RunStart(agent: "Assistant", input: [.user("Hi")]))),
            RunRecord(id: 2, event: .response(turn: 1, ModelResponse(items: [call], usage: used))),
        ])
        var (runner, model) = Runner.scripted(.text("Done"))
        runner.limits = limits(tokens: 1_000)
        let limited = runner
        await #expect(throws: RunError.budgetExceeded) { try await limited.run(agent, input: "Hi", context: (), log: log) }
        #expect(model.requests.isEmpty)
    }

    @Test func triesThatNobodyAnsweredLeaveARunTheBudgetThatItsLogLeaves() async throws {
        let agent = Agent<Void>.stub(tools: [.stub("look")])
        let call = ModelResponse(items: [.call("look", "{}", id: "a")], usage: Usage(requests: 1, inputTokens: 300, outputTokens: 20))
        let lost = ScriptedModel.Step.error(ModelError.transport(.firstByteTimedOut))
        let model = ScriptedModel(lost, lost, .response(call), .text("Done"))
        let retrying = RetryingModel(model, retry: RetrySettings(backoff: .init(initialDelay: .zero)))
        let log = InMemoryRunLog()
        _ = try await Runner(model: retrying, limits: limits(tokens: 3_000)).run(agent, input: "Hi", context: (), log: log)
        let answered = try #require(log.records.firstIndex { if case .response = $0.event { true } else { false } })

        let resumed = ScriptedModel(.text("Done"))
        let prefix = InMemoryRunLog(prefix: Array(log.records[...answered]))
        let runner = Runner(model: resumed, limits: limits(tokens: 3_000))
        _ = try await runner.run(agent, input: "Hi", context: (), log: prefix)
        #expect(resumed.requests.last?.settings.maxTokens == model.requests.last?.settings.maxTokens)
        #expect(resumed.requests.last?.settings.maxTokens != nil)
    }

    @Test func pricesAreFoundForDatedVersionsAndBadListsAreRefused() throws {
        let prices = try PriceList(json: #"{"gpt-5": {"input": 1, "output": 2}, "gpt-5-mini": {"input": 0.25, "output": 2}}"#)
        #expect(prices["gpt-5-mini-2025-08-07"]?.input == 250)
        #expect(prices["gpt-5"]?.cachedInput == 1_000)
        #expect(prices["gpt-51"] == nil)
        for bad in [
            "[]", "{", #"{"m": 1}"#, #"{"m": {"input": -1, "output": 1}}"#, #"{"m": {"input": 1e300, "output": 1}}"#, #"{"m": {"input": 1}}"#,
        ] {
            #expect(throws: PriceListError.self) { try PriceList(json: bad) }
        }
        let much = Usage(inputTokens: .max, outputTokens: .max)
        #expect(ModelPrice(input: .max, output: .max).cost(of: much) == .max)
    }
}
