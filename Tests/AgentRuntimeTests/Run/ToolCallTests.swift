import AgentRuntime
import AgentTesting
import Testing

/// How calls are carried out and what the model is told of them.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct ToolCallTests {
    private func results(
        of tools: [AnyTool<Void>], calls: [(name: String, arguments: String)], clock: any Clock<Duration> = ManualClock()
    ) async throws -> [ToolResult] {
        let steps = calls.enumerated().map { Item.FunctionCall(callID: "call_\($0 + 1)", name: $1.name, arguments: $1.arguments) }
        let log = InMemoryRunLog()
        let runner = Runner(testing: ScriptedModel(.calls(steps), .text("Done")), clock: clock)
        #expect(try await runner.run(.stub(tools: tools), input: "Hi", context: (), log: log).output == "Done")
        return log.records.compactMap { if case .toolResult(let result) = $0.event { result } else { nil } }
    }

    @Test func r086_t74_anUnknownToolIsReportedToTheModelAndTheOthersRun() async throws {
        let results = try await results(of: [.stub("add")], calls: [("drop_table", "{}"), ("add", "{}")])
        #expect(results.map(\.output) == ["Tool 'drop_table' not found.", "done"])
        #expect(results.map(\.status) == [.failed, .ok])
    }

    @Test func aToolFailureIsToldWordForWord() async throws {
        let results = try await results(of: [.stub("add") { _, _ in throw ToolFailure("There is no todo 7.") }], calls: [("add", "{}")])
        #expect(results.map(\.output) == ["There is no todo 7."])
        #expect(results.map(\.status) == [.failed])
    }

    @Test func t48_anyOtherErrorIsAFixedSentence() async throws {
        struct Secret: Error { let password = "hunter2" }
        let results = try await results(of: [.stub("add") { _, _ in throw Secret() }], calls: [("add", "{}")])
        #expect(results.map(\.output) == ["An error occurred while running the tool. Please try again."])
    }

    @Test func t64_aCancellationThatAToolMadeUpIsAnErrorLikeOthers() async throws {
        let results = try await results(of: [.stub("add") { _, _ in throw CancellationError() }], calls: [("add", "{}")])
        #expect(results.map(\.status) == [.failed])
    }

    @Test func t58_anErrorThatEndsTheRunEndsIt() async throws {
        struct Lost: RunEndingError {}
        let trace = Trace()
        let broken = AnyTool<Void>.stub("break") { _, _ in throw Lost() }
        let (runner, model) = Runner.scripted(.calls(("ok", "{}"), ("break", "{}"), ("write", "{}")), .text("Done"))
        let log = InMemoryRunLog()
        await #expect(throws: RunError.failed("Lost()")) {
            try await runner.run(.stub(tools: [trace.tool("ok"), broken, trace.tool("write", .writes)]), input: "Hi", context: (), log: log)
        }
        #expect(trace.notes == ["ok", "ok ended"])
        #expect(model.requests.count == 1)
        #expect(log.records.map(\.event).sketches.suffix(2) == ["tool_result call_1 ok", "error internal"])
    }

    @Test func t52_aCallThatTakesTooLongIsCancelledAndSaidSo() async throws {
        let clock = ManualClock()
        let never = Gate()
        let trace = Trace()
        let slow = AnyTool<Void>.stub("slow", timeout: .seconds(2)) { _, _ in
            do { try await never.wait() } catch { trace.note("cancelled"); throw error }
            return ""
        }
        let quick = AnyTool<Void>.stub("quick", timeout: .milliseconds(500)) { _, _ in
            try await never.wait(); return ""
        }
        async let results = results(of: [slow, quick, .stub("fine")], calls: [("slow", "{}"), ("quick", "{}"), ("fine", "{}")], clock: clock)
        await clock.untilSleeping(2)
        clock.advance(by: .seconds(2))
        #expect(
            try await results.map(\.output) == [
                "Tool 'slow' timed out after 2 seconds.", "Tool 'quick' timed out after 0.5 seconds.", "done",
            ])
        #expect(try await results.map(\.status) == [.timedOut, .timedOut, .ok])
        #expect(trace.notes == ["cancelled"])
    }

    @Test func r089_longOutputIsCutBetweenCodePoints() async throws {
        let fits = String(repeating: "x", count: 8_192)
        let emoji = "x" + String(repeating: "🌍", count: 3_000)
        let tools = [
            AnyTool<Void>.stub("fits") { _, _ in fits }, .stub("long") { _, _ in fits + "y" }, .stub("emoji") { _, _ in emoji },
            .stub("fail") { _, _ in throw ToolFailure(emoji) },
        ]
        let outputs = try await results(of: tools, calls: tools.map { ($0.name, "{}") }).map(\.output)
        #expect(outputs[0] == fits)
        #expect(outputs[1] == fits + "\n[cut: 8193 bytes, the first 8192 shown]")
        #expect(outputs[2].hasPrefix("x🌍"))
        #expect(outputs[2].hasSuffix("🌍\n[cut: 12001 bytes, the first 8192 shown]"))
        #expect(outputs[2].utf8.count <= 8_192 + 50)
        #expect(!outputs[2].contains("\u{FFFD}"))
        #expect(outputs[3] == outputs[2])
    }

    @Test func t51_argumentErrorsNameTheArgumentWhatWasExpectedAndWhatCame() async throws {
        struct Repeat: Tool {
            static let summary = "Repeats."
            static let effect = ToolEffect.reads
            @Argument("How often.", .range(1...3)) var times: Int
            init() {}
            func call(in run: RunContext<Void>) async throws -> String { String(repeating: "x", count: times) }
        }
        let results = try await results(
            of: [AnyTool(Repeat.self)],
            calls: [
                ("repeat", #"{"times":2}"#), ("repeat", #"{"times":9}"#), ("repeat", "{}"), ("repeat", #"{"times":"two"}"#), ("repeat", "{"),
                ("repeat", "[]"), ("repeat", #"{"times":1,"user":7}"#),
            ])
        #expect(
            results.map(\.output) == [
                "xx", "Argument 'times' of repeat is not valid: expected an integer from 1 to 3, got 9.",
                "Argument 'times' of repeat is missing: expected an integer from 1 to 3.",
                "Argument 'times' of repeat is not valid: expected an integer from 1 to 3, got a string.",
                "The arguments are not valid JSON: send one JSON object.", "The arguments must be one JSON object, got an array.",
                "repeat has no argument 'user'. It takes times.",
            ])
    }

    @Test func theContextAndTheKeyOfTheCallReachTheTool() async throws {
        let (runner, _) = Runner.scripted(.calls(("who", "{}"), ("who", "{}")), .call("who", id: "call_9"), .text("Done"))
        let tool = AnyTool<String>.stub("who", effect: .writes) { _, run in
            guard let call = run.call else { return "no call" }
            return "\(run.value) \(run.agentName) \(run.turn) \(call.nextWrite()) \(call.nextWrite())"
        }
        let result = try await runner.run(.stub(tools: [tool]), input: "Hi", context: "Ann", log: InMemoryRunLog(run: "r7"))
        let outputs = result.newItems.compactMap { if case .functionCallOutput(let output) = $0 { output.output } else { nil } }
        #expect(outputs == ["Ann Assistant 1 r7/1/0/1 r7/1/0/2", "Ann Assistant 1 r7/1/1/1 r7/1/1/2", "Ann Assistant 2 r7/2/0/1 r7/2/0/2"])
    }

    @Test func r086_t54_t55_aDisabledToolIsNeitherOfferedNorCalled() async throws {
        let trace = Trace()
        var tool = trace.tool("add")
        tool.isEnabled = { _ in false }
        let (runner, model) = Runner.scripted(.call("add"), .text("Done"))
        let result = try await runner.run(.stub(tools: [tool, trace.tool("list")]), input: "Hi", context: ())
        #expect(model.requests.first?.tools.map(\.name) == ["list"])
        #expect(result.newItems.contains(.output("Tool 'add' is not enabled.", of: "call_1")))
        #expect(trace.notes.isEmpty)
    }

    @Test func r107_t79_theSameCallTwiceUnderOneIDIsOneCall() async throws {
        let call = Item.FunctionCall(callID: "c1", name: "add", arguments: "{}")
        let (runner, _) = Runner.scripted(.calls([call, call]), .text("Done"))
        let trace = Trace()
        let result = try await runner.run(.stub(tools: [trace.tool("add")]), input: "Hi", context: ())
        #expect(trace.notes == ["add", "add ended"])
        #expect(result.newItems.count == 3)
    }

    @Test(arguments: [
        [Item.FunctionCall(callID: "c1", name: "add", arguments: "{}"), Item.FunctionCall(callID: "c1", name: "add", arguments: "{ }")],
        [Item.FunctionCall(callID: "c1", name: "add", arguments: "{}"), Item.FunctionCall(callID: "c1", name: "list", arguments: "{}")],
        [Item.FunctionCall(callID: "", name: "add", arguments: "{}")],
    ])
    func r107_t79_t80_callIDsThatDoNotTellCallsApartAreAFaultBeforeAnyEffect(calls: [Item.FunctionCall]) async throws {
        let (runner, _) = Runner.scripted(.calls(calls), .text("Done"))
        let trace = Trace()
        await #expect {
            try await runner.run(.stub(tools: [trace.tool("add"), trace.tool("list")]), input: "Hi", context: ())
        } throws: { error in
            if case RunError.modelBehavior = error { true } else { false }
        }
        #expect(trace.notes.isEmpty)
    }

    @Test func r107_anIDOfAnEarlierTurnMayComeAgain() async throws {
        let (runner, _) = Runner.scripted(.call("add", #"{"n":1}"#), .call("add", #"{"n":2}"#), .text("Done"))
        let trace = Trace()
        let result = try await runner.run(.stub(tools: [trace.tool("add")]), input: "Hi", context: ())
        #expect(result.newItems.filter { if case .functionCallOutput = $0 { true } else { false } }.count == 2)
        #expect(trace.notes.count == 4)
    }

    @Test(arguments: [
        (ToolUseBehavior.stopOnFirstTool, "a says 1", 1), (.stopAtTools(["b"]), "b says 2", 1), (.stopAtTools(["c"]), "Done", 2),
        (.runModelAgain, "Done", 2),
    ])
    func t70_anOutputMayBeTheEnd(behavior: ToolUseBehavior, output: String, requests: Int) async throws {
        let (runner, model) = Runner.scripted(.calls(("a", "1"), ("b", "2")), .text("Done"))
        let trace = Trace()
        var agent = Agent<Void>.stub(tools: [trace.tool("a", .writes), trace.tool("b", .writes)])
        agent.toolUseBehavior = behavior
        let result = try await runner.run(agent, input: "Hi", context: ())
        #expect(result.output == output)
        #expect(result.value.map(\.text) == String?.none)
        #expect(trace.notes == ["a", "a ended", "b", "b ended"])
        #expect(model.requests.count == requests)
    }
}
