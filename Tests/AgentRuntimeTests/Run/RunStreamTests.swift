import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what readers of a run are shown, streamed or not.
@Suite(.timeLimit(.minutes(5))) struct RunStreamTests {
    private static let reasoning = Item.other(["type": "reasoning", "id": "r", "summary": []])

    private func calls(in events: [RunEvent]) -> [ToolCall] {
        events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
    }

    @Test(arguments: [
        ([ScriptedModel.Step.text("Hello there")], 1), ([.call("add"), .text("Done")], 3),
        ([.calls(("add", "{}"), ("add", "{\"a\":1}"), ("transfer_to_other", "{}")), .call("add"), .text("Done")], 9),
    ])
    func r165_textToolsAndHandoffsGiveTheSameItemsInBothModes(steps: [ScriptedModel.Step], items: Int) async throws {
        let run = try await inBothModes { mode in
            let other = Agent<Void>.stub("Other", tools: [.stub("add")])
            try await mode.run(.stub(tools: [.stub("add")], handoffs: [Handoff(to: other)]), model: steps, session: mode.session)
        }
        #expect(run.newItems.count == items)
        #expect(run.session == [.user("Hi")] + run.newItems)
        #expect(!run.pieces.isEmpty)
    }

    @Test func r166_whatTheModelSaidIsShownInItsOrderBeforeAnyToolRuns() async throws {
        let items: [Item] = [
            .call("add", "{}", id: "a"), Self.reasoning, .call("transfer_to_other", "{}", id: "b"), .assistant("Both."),
        ]
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("add")], handoffs: [Handoff(to: .stub("Other"))])
            try await mode.run(agent, model: [.response(ModelResponse(items: items)), .text("Done")])
        }
        guard case .response(turn: 1, let response, _)? = run.shown.first(where: { $0.type == "response" }) else {
            Issue.record("no response")
            return
        }
        #expect(response.items == items)
        #expect(
            run.shown.sketches == [
                "start", "response", "tool_call a add", "tool_call b transfer_to_other", "tool_result a ok", "handoff Other", "response", "done Done",
            ])
    }

    @Test func r167_callsOfHandoffsAreToldFromCallsOfTools() async throws {
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: .stub("Other"))])
            try await mode.run(agent, model: [.calls(("add", "{}"), ("transfer_to_other", "{}")), .text("Done")])
        }
        #expect(calls(in: run.shown).map(\.isHandoff) == [false, true])
        #expect(run.shown.filter { if case .toolResult = $0 { true } else { false } }.count == 1)
    }

    @Test func r168_readersAreShownApprovalsAndCompactionsWhichAreNoItems() async throws {
        let run = try await inBothModes { mode in
            var tool = AnyTool<Void>.stub("add")
            tool.needsApproval = .always
            var config = RunConfig<Void>()
            config.compaction = Compaction(budget: 2, keptTokens: 0, estimate: { _ in 1 })
            let agent = Agent<Void>.stub(tools: [tool])
            let steps: [ScriptedModel.Step] = [.response(.calling(Item.FunctionCall(callID: "a", name: "add", arguments: "{}")))]
            let history: [Item] = [.user("Before"), .assistant("Yes")]
            let asked = try await mode.run(agent, model: steps, config: config, history: history)
            try await mode.resume(
                agent, model: [.text("Done")], config: config, history: history, decisions: asked.interruptions.map { $0.approve() })
        }
        #expect(
            run.shown.sketches == [
                "start", "compaction", "response", "tool_call a add", "approval_check", "approval", "approval_decision", "tool_result a ok",
                "response",
                "done Done",
            ])
        #expect(run.newItems == [.call("add", "{}", id: "a"), .output("done", of: "a"), .assistant("Done")])
    }

    @Test func r169_theEventsAddUpToTheItemsAlsoBehindAFilter() async throws {
        let run = try await inBothModes { mode in
            var handoff = Handoff(to: Agent<Void>.stub("Other", tools: [.stub("add")]))
            handoff.inputFilter = { input, _ in
                var input = input
                input.earlierItems += input.earlierItems
                return input
            }
            let steps: [ScriptedModel.Step] = [.call("add", id: "a"), .call("transfer_to_other", id: "b"), .call("add", id: "c"), .text("Done")]
            try await mode.run(.stub(tools: [.stub("add")], handoffs: [handoff]), model: steps)
        }
        #expect(Transcript(of: run.shown).newItems == run.newItems)
        #expect(run.newItems.count == 7)
        #expect(Set(run.newItems).count == 7)
    }

    @Test(arguments: WireAPI.allCases)
    func r170_theArgumentsOfACallAreWholeWhenItIsShown(api: WireAPI) async throws {
        let reader = Reader()
        let model = api.model(FixtureTransport(.stream(api.everything), .stream(api.stream)))
        _ = try await Runner(model: model).run(Agent<Void>.stub(tools: [.stub("add")]), input: "Hi", context: ()) { reader.read($0) }
        #expect(calls(in: reader.events).first?.arguments == #"{"a":"€"}"#)
        for record in reader.records {
            if case .toolCall(let call) = record.event { #expect(throws: Never.self) { try JSONValue(json: call.arguments) } }
        }
    }

    @Test func r176_aRunNeedsNoReader() async throws {
        for isStreamed in [true, false] {
            let (runner, _) = Runner.scripted(.call("add"), .text("Done"), isStreamed: isStreamed)
            let log = InMemoryRunLog()
            #expect(try await runner.run(Agent<Void>.stub(tools: [.stub("add")]), input: "Hi", context: (), log: log).output == "Done")
            #expect(log.records.last?.event.type == "done")
        }
    }

    @Test func r177_theErrorIsThrownAndTheLogTellsHowTheRunFailed() async throws {
        let good = try await inBothModes { try await $0.run(.stub(), model: [.text("Done")]) }
        #expect(good.result?.report.failure == nil)
        #expect(RunReport(of: good.shown).failure == nil)
        let bad = await inBothModes(throwing: RunError.modelRefusal("No")) { mode in
            let refusal = Item.Message(role: .assistant, content: [.refusal("No")])
            try await mode.run(.stub(), model: [.response(ModelResponse(items: [.message(refusal)]))])
        }
        for events in [bad.log, bad.shown] { #expect(RunReport(of: events).failure == RunError.modelRefusal("No").failure) }
    }

    @Test func r178_whatWasDecidedIsShownBeforeAnyError() async throws {
        let used = await inBothModes(throwing: RunError.maxTurnsExceeded(1)) { mode in
            try await mode.run(.stub(tools: [.stub("add")]), model: [.call("add", id: "a")], limits: RunLimits(turns: 1))
        }
        #expect(used.shown.sketches == ["start", "response", "tool_call a add", "tool_result a ok", "error limit_reached"])
        var agent = Agent<Void>.stub()
        agent.outputGuardrails = [OutputGuardrail("g") { _, _ in "no" }]
        let verdict = GuardrailVerdict(guardrail: "g", isInput: false, isTripped: true, reason: "no", turn: 1)
        let tripped = await inBothModes(throwing: RunError.outputGuardrailTripped(verdict)) { [agent] in
            try await $0.run(agent, model: [.text("Secret")])
        }
        #expect(tripped.shown.sketches == ["start", "response", "guardrail g true", "error content_filtered"])
        #expect(tripped.shown.filter(\.isDecided) == tripped.decided)
    }
}
