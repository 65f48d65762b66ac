import AgentTesting
import Testing

@testable import AgentRuntime

/// A conversation that is too long for the model.
@Suite(.timeLimit(.minutes(5))) struct CompactionTests {
    private let history: [Item] = [
        .user("1"), .call("add", "{}", id: "a"), .output("done", of: "a"), .assistant("2"), .user("3"), .assistant("4"),
    ]

    /// One token an item.
    private func config(_ budget: Int, kept: Int? = nil, _ summarizer: (any Model)? = nil, fails: Bool = false) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        config.compaction = Compaction(
            budget: budget, keptTokens: kept, summarizer: summarizer.map { Summarizer(model: $0) }, onFailure: fails ? .fail : .dropOldest,
            estimate: { _ in 1 })
        return config
    }

    private func summary(_ text: String) -> Item { .assistant("Summary of the conversation so far:\n" + text) }

    @Test func nothingGivesWayWithinTheBudget() async throws {
        let run = try await inBothModes { mode in
            let config = config(7, mode.model([]))
            try await mode.run(.stub(), model: [.text("Done")], config: config, history: history)
        }
        #expect(run.requests.map(\.input) == [history + [.user("Hi")]])
        #expect(!run.sketches.contains("compaction"))
    }

    @Test func olderTurnsGiveWayToOneMessage() async throws {
        let run = try await inBothModes { mode in
            let config = config(5, mode.model([.response(.said("They added.", usage: Usage(requests: 1, inputTokens: 7, outputTokens: 3)))]))
            try await mode.run(.stub(), model: [.text("Done")], config: config, history: history, session: mode.session)
        }
        #expect(run.requests.count == 2)
        #expect(run.requests[0].input.count == 1)
        #expect(run.requests[0].instructions == Summarizer.instructions)
        #expect(run.requests[1].input == [summary("They added."), .assistant("4"), .user("Hi")])
        #expect(run.sketches == ["start", "compaction", "response", "done Done"])
        #expect(run.usage == Usage(requests: 1) + Usage(requests: 1, inputTokens: 7, outputTokens: 3))
        #expect(run.session == [.user("Hi"), .assistant("Done")])
        #expect(run.result?.inputItems(.preserveAll) == history + [.user("Hi"), .assistant("Done")])
        #expect(run.result?.inputItems(.normalized) == run.requests[1].input + [.assistant("Done")])
    }

    @Test func theRunningTurnAndTheNewestMessageStayWhileTurnsOfTheRunGiveWay() async throws {
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        let run = try await inBothModes { mode in
            let config = config(4, mode.model([.text("One"), .text("Two")]))
            let steps: [ScriptedModel.Step] = [.call("add", "1", id: "a"), .call("add", "2", id: "b"), .call("add", "3", id: "c"), .text("Done")]
            try await mode.run(agent, model: steps, config: config)
        }
        let asked = run.requests.filter { $0.instructions != Summarizer.instructions }.map(\.input)
        func turn(_ arguments: String, _ id: String) -> [Item] { [.call("add", arguments, id: id), .output("done", of: id)] }
        #expect(
            asked == [
                [.user("Hi")], [.user("Hi")] + turn("1", "a"), [.user("Hi"), summary("One")] + turn("2", "b"),
                [.user("Hi"), summary("Two")] + turn("3", "c"),
            ])
        #expect(run.newItems.count == 7)
    }

    @Test func withoutASummarizerTheOldestTurnsAreDropped() async throws {
        let run = try await inBothModes { try await $0.run(.stub(), model: [.text("Done")], config: config(5), history: history) }
        #expect(run.requests.map(\.input) == [[.assistant("4"), .user("Hi")]])
        let all = try await inBothModes { try await $0.run(.stub(), model: [.text("Done")], config: config(1, kept: 0), history: history) }
        #expect(all.requests.map(\.input) == [[.user("Hi")]])
    }

    @Test func systemMessagesStay() async throws {
        let system = Item.message(Item.Message(role: .system, content: [.text("Be kind")]))
        let run = try await inBothModes {
            try await $0.run(.stub(), model: [.text("Done")], config: config(3, $0.model([.text("Short")])), history: [system] + history)
        }
        #expect(run.requests.last?.input == [system, summary("Short"), .user("Hi")])
    }

    @Test func aSummarizerThatFailsLetsTheOldestTurnsBeDropped() async throws {
        for step in [ScriptedModel.Step.error(ModelError.contentFiltered), .text("")] {
            let run = try await inBothModes { mode in
                try await mode.run(.stub(), model: [.text("Done")], config: config(5, mode.model([step])), history: history)
            }
            #expect(run.requests.last?.input == [.assistant("4"), .user("Hi")])
        }
    }

    @Test func orFailsTheRunWhereThePolicySaysSo() async {
        let run = await inBothModes(throwing: RunError.model(.contentFiltered)) { mode in
            let config = config(5, mode.model([.error(ModelError.contentFiltered)]), fails: true)
            try await mode.run(.stub(), model: [.text("Done")], config: config, history: history)
        }
        #expect(run.sketches == ["start", "error content_filtered"])
    }

    @Test func aSummaryIsNotSummedUpAlone() async throws {
        let run = try await inBothModes { mode in
            let config = config(1, mode.model([.text("Short")]))
            try await mode.run(.stub(), model: [.text("Done")], config: config, history: history)
        }
        #expect(run.requests.count == 2)
        #expect(run.requests.last?.input == [summary("Short"), .user("Hi")])
    }

    @Test func whatIsHandedOnIsCompactedToo() async throws {
        let other = Agent<Void>.stub("Other")
        let run = try await inBothModes { mode in
            var config = config(4, kept: 0, mode.model([.text("Short")]))
            config.nestsHandoffHistory = true
            let steps: [ScriptedModel.Step] = [.call("transfer_to_other", "{}", id: "b"), .text("Done")]
            try await mode.run(.stub(handoffs: [Handoff(to: other)]), model: steps, config: config, history: history)
        }
        guard case .message(let message)? = run.requests.last?.input.first else { return #expect(Bool(false)) }
        #expect(run.requests.last?.input.count == 1)
        #expect(message.text.contains("1. assistant: Summary of the conversation so far:\n   Short\n2. user: Hi\n3. function_call: "))
    }

    @Test func whatIsSaidWhileTheRunWaitsIsSeenAndSavedOnce() async throws {
        var asking = AnyTool<Void>.stub("add")
        asking.needsApproval = .always
        let agent = Agent<Void>.stub(tools: [asking])
        let session = TextSession()
        let log = InMemoryRunLog()
        let config = config(3, kept: 0, ScriptedModel(.text("Short")))
        let asked = try await Runner.scripted(.call("add", id: "a")).0.run(agent, input: "Hi", context: (), session: session, log: log)
        let (runner, model) = Runner.scripted(.call("add", "[]", id: "b"), .text("Done"))
        let again = try await runner.run(
            agent, input: [], context: (), config: config, session: session, log: log,
            decisions: asked.interruptions.map { $0.approve(always: true) }, adding: [.user("More")])
        let calls: [Item] = [.call("add", "{}", id: "a"), .output("done", of: "a"), .call("add", "[]", id: "b"), .output("done", of: "b")]
        #expect(model.requests.map(\.input) == [[summary("Short"), .user("More")], [summary("Short"), .user("More")] + calls.suffix(2)])
        #expect(again.newItems == calls.prefix(2) + [.user("More")] + calls.suffix(2) + [.assistant("Done")])
        #expect(try await session.items() == [.user("Hi")] + again.newItems)
    }

    @Test(arguments: [true, false]) func everyPrefixGoesOnToTheSameEndAndAsksForNoSummaryTwice(isStreamed: Bool) async throws {
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        let steps: [ScriptedModel.Step] = [.call("add", "1", id: "a"), .call("add", "2", id: "b"), .call("add", "3", id: "c"), .text("Done")]
        let summaryTexts: [ScriptedModel.Step] = [.text("One"), .text("Two"), .text("Three"), .text("Four")]
        let full = InMemoryRunLog()
        let (whole, summaries) = (ScriptedModel(steps), ScriptedModel(summaryTexts))
        let result = try await Runner(model: whole, isStreamed: isStreamed).run(
            agent, input: "Hi", context: (), config: config(4, summaries), history: history, log: full)
        #expect(summaries.requests.count == 4)
        for count in 0...full.records.count {
            let prefix = Array(full.records.prefix(count))
            let responses = prefix.filter { if case .response = $0.event { true } else { false } }.count
            let made = prefix.filter { if case .compaction = $0.event { true } else { false } }.count
            let rest = ScriptedModel(Array(steps.dropFirst(responses)))
            let unmade = ScriptedModel(Array(summaryTexts.dropFirst(made)))
            let log = InMemoryRunLog(prefix: prefix)
            let again = try await Runner(model: rest, isStreamed: isStreamed).run(
                agent, input: "Hi", context: (), config: config(4, unmade), history: history, log: log)
            #expect(rest.requests == Array(whole.requests.dropFirst(responses)), "after \(count) of \(full.records.count) records")
            #expect(unmade.requests == Array(summaries.requests.dropFirst(made)))
            #expect(again == result)
            #expect(log.records.map(\.event).outcomes == full.records.map(\.event).outcomes)
        }
    }

    /// What the latest response went through says nothing of a request that is shorter.
    @Test func aShorterRequestReservesLessOfTheBudget() async throws {
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        let long = ModelResponse(items: [.call("add", "{}", id: "a")], usage: Usage(requests: 1, inputTokens: 1_400, outputTokens: 100))
        let run = try await inBothModes { mode in
            try await mode.run(
                agent, model: [.response(long), .text("Done")], config: config(8, kept: 0), limits: RunLimits(budget: Budget(tokens: 2_900)),
                history: history)
        }
        #expect(run.output == "Done")
        #expect(run.requests.last?.input == [.user("Hi"), .call("add", "{}", id: "a"), .output("done", of: "a")])
    }

    @Test func theSummaryIsMadeWithinTheBudgetToo() async throws {
        let run = await inBothModes(throwing: RunError.budgetExceeded) { mode in
            let config = config(1, mode.model([.text("Short")]))
            try await mode.run(.stub(), config: config, limits: RunLimits(budget: Budget(tokens: 100)), history: history)
        }
        #expect(run.requests.isEmpty)
    }

    @Test func whatTheProviderKeepsIsLeftToIt() async throws {
        var config = config(1, ScriptedModel())
        config.conversationID = "conv_1"
        let script = ScriptedModel(.answer("r1", .assistant("Done")))
        _ = try await Runner(model: KeepingModel(script)).run(Agent<Void>.stub(), input: "Hi", context: (), config: config, history: history)
        #expect(script.requests.map(\.input) == [history + [.user("Hi")]])
    }

    @Test func turnsAreCutNeitherBetweenCallAndOutputNorAfterReasoning() {
        let reasoning = Item.other(["type": "reasoning", "id": "r"])
        let items: [Item] = [
            .user("1"), .user("2"), reasoning, .assistant("Let me see"), .call("add", "", id: "a"), .call("add", "", id: "b"), .output("", of: "a"),
            .output("", of: "b"), reasoning, .call("add", "", id: "c"), .output("", of: "c"), .assistant("Done"), .user("3"),
        ]
        #expect(CompactionPlan.turns(of: items) == [0..<1, 1..<2, 2..<8, 8..<11, 11..<12, 12..<13])
        #expect(CompactionPlan.turns(of: []).isEmpty)
        let late: [Item] = [.call("add", "", id: "a"), .user("1"), .output("", of: "a"), .user("2")]
        #expect(CompactionPlan.turns(of: late) == [0..<3, 3..<4])
    }

    @Test func aTokenIsFourBytesOfAnItemsJSON() {
        let item = Item.user("Grüße")
        #expect(Compaction.quarterOfBytes(of: item) == (item.json.text.utf8.count + 3) / 4)
    }
}
