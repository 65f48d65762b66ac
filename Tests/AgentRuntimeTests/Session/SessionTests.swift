import AgentRuntime
import AgentTesting
import Testing

/// What a session holds after a run: agents-sdk, sessions.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct SessionTests {
    private let pair: [Item] = [.call("add", "{}", id: "call_1"), .output("done", of: "call_1")]
    private let agent = Agent<Void>.stub(tools: [.stub("add")])

    /// What the session holds at the end, whether the run is streamed or not.
    private func session(after steps: ScriptedModel.Step..., agent: Agent<Void>, limits: RunLimits = RunLimits(), fails: Bool = true) async -> [Item]
    {
        let run = try? await inBothModes { mode in
            _ = try? await mode.run(agent, model: steps, limits: limits, session: mode.session)
        }
        #expect((run?.result == nil) == fails)
        return run?.session ?? []
    }

    @Test func everythingOfARunThatWentWell() async {
        #expect(await session(after: .call("add"), .text("Done"), agent: agent, fails: false) == [.user("Hi")] + pair + [.assistant("Done")])
    }

    @Test func m140_itIsTheHistoryOfTheNextRunAndOfNoOther() async throws {
        let session = InMemorySession([.user("Hi"), .assistant("Hello")])
        let (runner, model) = Runner.scripted(.text("Again"), .text("Alone"), .text("None"))
        let result = try await runner.run(agent, input: "And?", context: (), session: session)
        #expect(model.requests.first?.input == [.user("Hi"), .assistant("Hello"), .user("And?")])
        #expect(result.newItems == [.assistant("Again")])
        #expect(await session.items() == [.user("Hi"), .assistant("Hello"), .user("And?"), .assistant("Again")])
        _ = try await runner.run(agent, input: "Me?", context: (), session: InMemorySession())
        _ = try await runner.run(agent, input: "Me?", context: ())
        #expect(model.requests.dropFirst().map(\.input) == [[.user("Me?")], [.user("Me?")]])
    }

    @Test(arguments: [true, false]) func m146_m150_theInputComesFirstAndThenEachTurnWhenItIsWhole(isStreamed: Bool) async throws {
        let session = TextSession()
        let (runner, _) = Runner.scripted(.calls(("add", "{}"), ("add", "[]")), .call("add", id: "c"), .text("Done"), isStreamed: isStreamed)
        _ = try await runner.run(agent, input: "Hi", context: (), session: session)
        let calls: [Item] = [.call("add", "{}", id: "call_1"), .call("add", "[]", id: "call_2")]
        let outputs: [Item] = [.output("done", of: "call_1"), .output("done", of: "call_2")]
        #expect(
            session.appends == [
                [.user("Hi")], calls + outputs, [.call("add", "{}", id: "c"), .output("done", of: "c")], [.assistant("Done")],
            ])
    }

    @Test func theMessageAloneWhenTheModelFailed() async {
        #expect(await session(after: .error(ModelError.contentFiltered), agent: agent) == [.user("Hi")])
        #expect(await session(after: .stream([.textDelta("Hel")], error: ModelError.contentFiltered), agent: agent) == [.user("Hi")])
    }

    @Test func m147_theMessageAloneWhenAGuardrailTripped() async {
        var guarded = agent
        guarded.inputGuardrails = [InputGuardrail("no") { _, _ in "no" }]
        #expect(await session(after: .text("Done"), agent: guarded) == [.user("Hi")])
        guarded.inputGuardrails = []
        guarded.outputGuardrails = [OutputGuardrail("no") { _, _ in "no" }]
        #expect(await session(after: .text("Done"), agent: guarded) == [.user("Hi")])
    }

    @Test func m148_theAnswerThatAGuardrailCouldNotJudge() async {
        struct Broken: Error {}
        var guarded = agent
        guarded.outputGuardrails = [OutputGuardrail("broken") { _, _ in throw Broken() }]
        #expect(await session(after: .call("add"), .text("Done"), agent: guarded) == [.user("Hi")] + pair + [.assistant("Done")])
    }

    /// The run may go on, and then the answer may be withheld.
    @Test func m148_theAnswerIsSavedLaterWhenItsJudgementWasCancelled() async throws {
        let run = try await inBothModes { mode in
            var guarded = agent
            guarded.outputGuardrails = [OutputGuardrail("cancelled") { _, _ in throw CancellationError() }]
            _ = try? await mode.run(guarded, model: [.call("add"), .text("Done")], session: mode.session)
            #expect(await mode.session.items() == [.user("Hi")] + pair)
            guarded.outputGuardrails = [OutputGuardrail("cancelled") { _, _ in nil }]
            try await mode.resume(guarded, session: mode.session)
        }
        #expect(run.session == [.user("Hi")] + pair + [.assistant("Done")])
        #expect(run.requests.count == 2)
    }

    @Test func wholeTurnsBeforeAFailure() async {
        #expect(await session(after: .call("add"), .error(ModelError.contentFiltered), agent: agent) == [.user("Hi")] + pair)
    }

    @Test func allCompletedCallsWhenTheTurnsAreUsedUp() async {
        #expect(await session(after: .call("add"), agent: agent, limits: RunLimits(turns: 1)) == [.user("Hi")] + pair)
    }

    @Test func noCallWithoutItsOutput() async {
        #expect(await session(after: .call("add"), .call("add", id: "c2"), agent: agent, limits: RunLimits(toolCalls: 1)) == [.user("Hi")] + pair)
        struct Lost: RunEndingError {}
        let broken = Agent<Void>.stub(tools: [.stub("break") { _, _ in throw Lost() }])
        #expect(await session(after: .call("break"), agent: broken) == [.user("Hi")])
    }

    @Test func theCallsThatWereDoneBeforeOneFailedTheRun() async {
        struct Lost: RunEndingError {}
        let agent = Agent<Void>.stub(tools: [.stub("add", effect: .writes), .stub("break", effect: .writes) { _, _ in throw Lost() }])
        let response = ModelResponse(items: [
            .assistant("Let me see"), .call("add", "{}", id: "call_1"), .call("break", "{}", id: "call_2"), .call("add", "[]", id: "call_3"),
        ])
        #expect(await session(after: .response(response), agent: agent) == [.user("Hi"), .assistant("Let me see")] + pair)
    }

    @Test func theTurnOfAHandoffIsWhole() async {
        let other = Agent<Void>.stub("Other", handoffs: [])
        let first = Agent<Void>.stub(handoffs: [Handoff(to: other)])
        #expect(
            await session(after: .call("transfer_to_other"), .error(ModelError.contentFiltered), agent: first) == [
                .user("Hi"), .call("transfer_to_other", "{}", id: "call_1"), .output(#"{"assistant": "Other"}"#, of: "call_1"),
            ])
    }

    @Test func theOutputOfAToolThatEndsTheRun() async {
        var stopping = agent
        stopping.toolUseBehavior = .stopOnFirstTool
        #expect(await session(after: .call("add"), agent: stopping, fails: false) == [.user("Hi")] + pair)
    }

    @Test func m149_aTurnThatWaitedForAPersonIsSavedOnce() async throws {
        var asking = AnyTool<Void>.stub("add")
        asking.needsApproval = .always
        let agent = Agent<Void>.stub(tools: [asking, .stub("look")])
        let session = TextSession([.user("Before")])
        let log = InMemoryRunLog()
        let (runner, _) = Runner.scripted(.calls(("add", "{}"), ("look", "{}")), .text("Done"))
        let result = try await runner.run(agent, input: "Hi", context: (), session: session, log: log)
        #expect(session.appends == [[.user("Hi")]])
        _ = try await Runner.scripted(.text("Meanwhile")).0.run(agent, input: "Still there?", context: (), session: session)

        let stored = try JSONValue(encoding: log.records).decode(as: [RunRecord].self)
        let decisions = result.interruptions.map { $0.approve() }
        let (again, model) = Runner.scripted(.text("Done"))
        _ = try await again.run(
            agent, input: [], context: (), session: session, log: InMemoryRunLog(prefix: stored), decisions: decisions)
        let turn: [Item] = [
            .call("add", "{}", id: "call_1"), .call("look", "{}", id: "call_2"), .output("done", of: "call_2"), .output("done", of: "call_1"),
        ]
        #expect(model.requests.map(\.input) == [[.user("Before"), .user("Hi")] + turn])
        let expected = [[.user("Hi")], [.user("Still there?")], [.assistant("Meanwhile")], turn, [.assistant("Done")]]
        #expect(session.appends == expected)
    }

    @Test func m149_whatWasSaidWhileTheRunWaitedIsSavedOnce() async throws {
        var asking = AnyTool<Void>.stub("add")
        asking.needsApproval = .always
        let agent = Agent<Void>.stub(tools: [asking])
        let session = TextSession()
        let log = InMemoryRunLog()
        let asked = try await Runner.scripted(.call("add")).0.run(agent, input: "Hi", context: (), session: session, log: log)
        await #expect(throws: CancellationError.self) {
            try await Runner.scripted(.error(CancellationError())).0.run(
                agent, input: [], context: (), session: session, log: log, decisions: asked.interruptions.map { $0.approve() },
                adding: [.user("More")])
        }
        let stored = InMemoryRunLog(prefix: log.records)
        let result = try await Runner.scripted(.text("Done")).0.run(agent, input: [], context: (), session: session, log: stored)
        #expect(result.newItems == pair + [.user("More"), .assistant("Done")])
        #expect(session.appends == [[.user("Hi")], pair + [.user("More")], [.assistant("Done")]])
    }

    @Test(arguments: [true, false]) func m150_aSessionThatCannotBeWrittenFailsTheRunBeforeAnyGuardrailDoes(isStreamed: Bool) async throws {
        var guarded = agent
        guarded.inputGuardrails = [InputGuardrail("no", runsInParallel: false) { _, _ in "no" }]
        let (runner, model) = Runner.scripted(.text("Done"), isStreamed: isStreamed)
        let session = TextSession(failures: [0])
        await #expect(throws: RunError.failed("Full()")) { try await runner.run(guarded, input: "Hi", context: (), session: session) }
        #expect(model.requests.isEmpty)
        #expect(session.appends.count == 1)
    }

    @Test func m150_aTurnThatCannotBeSavedBeatsWhatEndedIt() async throws {
        struct Lost: RunEndingError {}
        let agent = Agent<Void>.stub(tools: [.stub("add", effect: .writes), .stub("break", effect: .writes) { _, _ in throw Lost() }])
        let session = TextSession(failures: [1])
        let (runner, _) = Runner.scripted(.calls(("add", "{}"), ("break", "{}")))
        await #expect(throws: RunError.failed("Full()")) { try await runner.run(agent, input: "Hi", context: (), session: session) }
        #expect(session.appends.count == 2)
    }

    @Test func m152_textComesBackAsItWas() async throws {
        let texts = ["'); DROP TABLE items;--", "{\"a\": 1}", "日本語 👩‍👩‍👧 \u{0}\u{7F}\r\n", "e\u{301}", "\u{E9}", "\\u0000", ""]
        let session = TextSession()
        let (runner, model) = Runner.scripted(.text(texts[2]), .text("Done"))
        _ = try await runner.run(agent, input: texts.map { .user($0) }, context: (), session: session)
        _ = try await runner.run(agent, input: "Again", context: (), session: session)
        let seen = model.requests.last?.input.map { item -> [UInt8] in
            if case .message(let message) = item { Array(message.text.utf8) } else { [] }
        }
        let said = (texts + [texts[2], "Again"]).map { Array($0.utf8) }
        #expect(seen == said)
    }

    @Test func m153_whatOnlyThisProcessKnowsIsNotSaved() async throws {
        let items: [Item] = [
            .other(["type": "reasoning", "id": "rs_1", "summary": [], "created_by": "me"]),
            .other(["type": "reasoning", "content": [], "provider_data": ["model": "m"]]),
            .other(["type": "web_search_call", "id": "ws_1", "provider_data": ["model": "m"]]),
            .message(Item.Message(role: .assistant, content: [.text("Done")], id: "__fake_id__")),
        ]
        let session = TextSession()
        _ = try await Runner.scripted(.response(ModelResponse(items: items))).0.run(agent, input: "Hi", context: (), session: session)
        #expect(
            session.appends.last == [
                .other(["type": "reasoning", "id": "rs_1", "summary": []]), .other(["type": "web_search_call", "id": "ws_1"]), .assistant("Done"),
            ])
        let without = InMemorySession(settings: SessionSettings(itemIDs: .omit))
        _ = try await Runner.scripted(.response(ModelResponse(items: items))).0.run(agent, input: "Hi", context: (), session: without)
        #expect(
            await without.items().dropFirst() == [
                .other(["type": "reasoning", "summary": []]), .other(["type": "web_search_call"]), .assistant("Done"),
            ])
    }

    @Test func m154_aRequestThatIsMadeAgainTakesNothingBack() async throws {
        let script = ScriptedModel(.error(ModelError.http(status: 503, message: "", retryAfter: nil)), .text("Done"))
        let session = TextSession()
        _ = try await Runner(testing: RetryingModel(script, retry: RetrySettings(backoff: .init(initialDelay: .zero)))).run(
            agent, input: "Hi", context: (), session: session)
        #expect(session.appends == [[.user("Hi")], [.assistant("Done")]])
        #expect(script.requests.map(\.input) == [[.user("Hi")], [.user("Hi")]])
    }

    @Test func m157_reasoningLosesItsIDEverywhere() async throws {
        func reasoning(_ id: String?) -> Item {
            var json: [String: JSONValue] = ["type": "reasoning", "summary": []]
            json["id"] = id.map(JSONValue.string)
            return .other(.object(json))
        }
        let session = TextSession([.user("Hi"), reasoning("rs_1"), .assistant("Hello")])
        var config = RunConfig<Void>()
        config.reasoningItemIDs = .omit
        let call = Item.functionCall(Item.FunctionCall(callID: "call_1", name: "add", arguments: "{}", id: "fc_1"))
        let (runner, model) = Runner.scripted(.response(ModelResponse(items: [reasoning("rs_2"), call])), .text("Done"))
        let result = try await runner.run(agent, input: "Add", context: (), config: config, session: session)
        #expect(
            model.requests.last?.input == [
                .user("Hi"), reasoning(nil), .assistant("Hello"), .user("Add"), reasoning(nil), call, .output("done", of: "call_1"),
            ])
        #expect(session.appends[1] == [reasoning(nil), call, .output("done", of: "call_1")])
        #expect(result.newItems.first == reasoning("rs_2"))
    }

    @Test func m151_popGivesTheNewestAndClearLeavesNothing() async throws {
        let session = InMemorySession([.user("Hi"), .assistant("Hello")])
        #expect(await session.pop() == .assistant("Hello"))
        #expect(await session.items() == [.user("Hi")])
        await session.clear()
        #expect(await session.pop() == nil)
        #expect(try await session.count() == 0)
    }

    @Test func m151_whatCannotBeReplacedStaysAsItWas() async throws {
        let items: [Item] = [.user("1"), .assistant("2"), .user("3")]
        let session = TextSession(items, failures: [0])
        await #expect(throws: TextSession.Full.self) { try await session.replaceOldest(2, with: [.assistant("1 and 2")]) }
        #expect(try await session.items() == items)
        try await session.replaceOldest(2, with: [.assistant("1 and 2")])
        #expect(try await session.items() == [.assistant("1 and 2"), .user("3")])
    }
}
