import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, handoffs: inputs, callbacks, filters.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct HandoffOptionsTests {
    private struct Reason: OutputValue {
        var reason: String
        var urgency: Int
        static let outputSchema: JSONValue = ["properties": ["reason": ["type": "string"], "urgency": ["type": "integer"]]]
    }

    private let trace = Trace()
    private let other = Agent<Void>.stub("Other")

    private func run(
        _ handoff: Handoff<Void>, _ steps: ScriptedModel.Step..., config: RunConfig<Void> = RunConfig(), log: InMemoryRunLog = InMemoryRunLog()
    )
        async throws -> (result: RunResult, model: ScriptedModel)
    {
        let model = ScriptedModel(steps)
        let agent = Agent<Void>.stub(tools: [.stub("add")], handoffs: [handoff])
        return (try await Runner(testing: model).run(agent, input: "Hi", context: (), config: config, log: log), model)
    }

    @Test func h102_nameAndDescriptionCanBeOverridden() async throws {
        var handoff = Handoff(to: other)
        handoff.toolName = "escalate"
        handoff.toolDescription = "Asks a colleague."
        let (result, model) = try await run(handoff, .call("escalate"), .text("Done"))
        #expect(result.lastAgent == "Other")
        #expect(model.requests.first?.tools.last?.name == "escalate")
        #expect(model.requests.first?.tools.last?.description == "Asks a colleague.")
    }

    @Test func h104_theCallbackGetsTheInputOnce() async throws {
        let handoff = try Handoff(to: other).taking(Reason.self) { [trace] input, run in
            trace.note("\(run.agentName) \(input.reason) \(input.urgency)")
        }
        let (result, model) = try await run(handoff, .call("transfer_to_other", #"{"reason":"hard","urgency":2}"#), .text("Done"))
        #expect(result.lastAgent == "Other")
        #expect(trace.notes == ["Assistant hard 2"])
        let parameters = model.requests.first?.tools.last?.parameters
        #expect(parameters?["required"] == ["reason", "urgency"])
        #expect(parameters?["additionalProperties"] == false)
    }

    @Test(arguments: ["", "{}", "{", #"{"reason":"hard","urgency":"2"}"#])
    func h105_anInputThatDoesNotFitFailsTheRun(arguments: String) async throws {
        let handoff = try Handoff(to: other).taking(Reason.self) { _, _ in Issue.record("not to be called") }
        let log = InMemoryRunLog()
        await #expect { try await run(handoff, .call("transfer_to_other", arguments), log: log) } throws: { error in
            if case RunError.modelBehavior = error { true } else { false }
        }
        #expect(!log.records.contains { $0.event.type == "handoff" })
    }

    @Test func h106_aDisabledHandoffIsNotOfferedAndDoesNotHappen() async throws {
        var handoff = Handoff(to: other)
        handoff.isEnabled = { $0.turn > 0 }
        let (_, offered) = try await run(handoff, .call("add"), .text("Done"))
        #expect(offered.requests.map { $0.tools.map(\.name) } == [["add"], ["add", "transfer_to_other"]])
        handoff.isEnabled = { _ in false }
        let (result, model) = try await run(handoff, .call("transfer_to_other"), .text("Done"))
        #expect(result.lastAgent == "Assistant")
        #expect(model.requests.last?.input.last == .output("Tool 'transfer_to_other' is not enabled.", of: "call_1"))
    }

    @Test func h111_h112_aFilterChangesWhatTheOtherAgentSeesAndResumingKeepsIt() async throws {
        var handoff = Handoff(to: other)
        handoff.inputFilter = { [trace] input, _ in
            trace.note("\(input.history.count) \(input.earlierItems.count) \(input.newItems.count)")
            var input = input
            input.history = [.user("In short")]
            input.earlierItems = []
            return input
        }
        var config = RunConfig<Void>()
        config.handoffInputFilter = { _, _ in
            Issue.record("the handoff has its own"); return HandoffInput(history: [], earlierItems: [], newItems: [])
        }
        let log = InMemoryRunLog()
        let (result, model) = try await run(
            handoff, .call("add"), .call("transfer_to_other", id: "c2"), .text("Done"), config: config, log: log)
        let pair: [Item] = [.call("transfer_to_other", "{}", id: "c2"), .output(#"{"assistant": "Other"}"#, of: "c2")]
        #expect(model.requests.last?.input == [.user("In short")] + pair)
        #expect(result.newItems.count == 5)
        #expect(trace.notes == ["1 2 2"])
        let prefix = log.records.prefix { $0.event.type != "handoff" }.count + 1
        let (again, resumed) = try await run(handoff, .text("Done"), config: config, log: InMemoryRunLog(prefix: Array(log.records.prefix(prefix))))
        #expect(again == result)
        #expect(resumed.requests.first?.input == model.requests.last?.input)
        #expect(trace.notes.count == 1)
    }

    @Test func h117_removeAllToolsLeavesTheMessages() {
        let items: [Item] = [
            .user("Hi"), .call("add", "{}", id: "a"), .output("x", of: "a"), .other(["type": "reasoning", "id": "r"]), .other(["type": "mcp_call"]),
            .other(["type": "web_search_call"]), .assistant("Hello"),
        ]
        let messages: [Item] = [.user("Hi"), .assistant("Hello")]
        let input = HandoffInput(history: items, earlierItems: items, newItems: items).removingAllTools()
        #expect(input.items == messages + messages + messages)
    }
}
