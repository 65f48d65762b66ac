import AgentRuntime
import AgentTesting
import Testing

/// What the next run of a conversation begins with, against what the runs before it saw.
@Suite struct ConversationHistoryTests {
    private func events(_ log: InMemoryRunLog) -> [RunEvent] { log.records.map(\.event) }

    @Test func withoutSummariesItIsTheTranscripts() async throws {
        let (runner, _) = Runner.scripted(.call("add"), .text("Done."), .text("Bye."))
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        var history = ConversationHistory()
        for input in ["Add it", "Bye"] {
            let log = InMemoryRunLog()
            _ = try await runner.run(agent, input: input, context: (), history: history.items, log: log)
            history.add(events(log))
        }
        #expect(history.items.count == 6)
        #expect(history.items.last?.json.text.contains("Bye.") == true)
        #expect(history.lastAgent == "Assistant")
    }

    @Test func aSummaryStandsForWhatItSumsUpInEveryLaterRun() async throws {
        let summaries = ScriptedModel([.text("They said A and B.")])
        var config = RunConfig<Void>()
        config.compaction = Compaction(budget: 260, keptTokens: 20, summarizer: Summarizer(model: summaries))
        let (runner, model) = Runner.scripted(.text("a"), .text("b"), .text("c"), .text("d"))
        var history = ConversationHistory()
        let long = String(repeating: "x", count: 300)
        var wholes: [Item] = []
        for input in ["A" + long, "B" + long, "C" + long, "D"] {
            let log = InMemoryRunLog()
            _ = try await runner.run(.stub(), input: input, context: (), config: config, history: history.items, log: log)
            history.add(events(log))
            wholes += Transcript(of: events(log)).items
        }
        // The third run summed up; the fourth did not have to, and saw the summary with what had stayed.
        #expect(summaries.requests.count == 1)
        let seen = try #require(model.requests.last?.input)
        #expect(seen.count < wholes.count)
        #expect(seen.first.map { "\($0.json.text)".contains("They said A and B.") } == true)
        #expect(seen.last == .user("D"))
        #expect(Array(history.items.dropLast()) == seen)
    }

    @Test func aRunThatWasCutOffLeavesOutputsForItsCalls() {
        var history = ConversationHistory()
        let call = ToolCall(turn: 1, index: 0, callID: "c", name: "add", arguments: "{}")
        let response = ModelResponse(items: [.functionCall(Item.FunctionCall(callID: "c", name: "add", arguments: "{}"))])
        history.add([.start(RunStart(agent: "A", input: [.user("Hi")])), .response(turn: 1, response), .toolCall(call), .stopped])
        #expect(history.items.count == 3)
        #expect(history.items.last == .output("The call was interrupted before it had a result.", of: "c"))
    }

    @Test func whatAnAgentWasHandedInPlaceOfTheConversationIsNotTheHistory() async throws {
        var config = RunConfig<Void>()
        config.nestsHandoffHistory = true
        let other = Agent<Void>.stub("Other")
        let (runner, _) = Runner.scripted(.call("transfer_to_other"), .text("Hello."))
        let log = InMemoryRunLog()
        _ = try await runner.run(.stub(handoffs: [Handoff(to: other)]), input: "Hi", context: (), config: config, log: log)
        var history = ConversationHistory()
        history.add(events(log))
        #expect(history.lastAgent == "Other")
        #expect(history.items == Transcript(of: events(log)).items)
    }
}
