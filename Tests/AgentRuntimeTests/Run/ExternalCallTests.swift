import AgentRuntime
import AgentTesting
import Testing

/// Calls that reach outside: begun in the log before they are made, and not repeated blindly.
@Suite(.timeLimit(.minutes(5))) struct ExternalCallTests {
    private let trace = Trace()

    /// Notes its key, and answers.
    private func pay(isIdempotent: Bool = false) -> AnyTool<Void> {
        var tool = AnyTool<Void>.stub("pay", effect: .external) { [trace] _, run in
            trace.note("pay \(run.call?.text ?? "")")
            return "paid"
        }
        tool.policy.isIdempotent = isIdempotent
        return tool
    }

    /// The log of a process that ended while it paid.
    private func cut(_ agent: Agent<Void>, calls: ScriptedModel.Step = .call("pay")) async throws -> InMemoryRunLog {
        let log = InMemoryRunLog(run: "r")
        _ = try await Runner(model: ScriptedModel(calls, .text("Done"))).run(agent, input: "Hi", context: (), log: log)
        let last = try #require(log.records.lastIndex { $0.event.origin.event.type == "tool_start" })
        return InMemoryRunLog(run: "r", prefix: Array(log.records[...last]))
    }

    @Test(arguments: [true, false])
    func aCallThatWasBegunAndCutOffIsNotMadeAgainAndTheModelIsTold(isStreamed: Bool) async throws {
        let agent = Agent<Void>.stub(tools: [pay()])
        let log = try await cut(agent)
        let before = trace.notes
        let (runner, model) = Runner.scripted(.text("I do not know."), isStreamed: isStreamed)
        let reader = Reader()
        let result = try await runner.run(agent, input: "Hi", context: (), log: log) { reader.read($0) }
        #expect(trace.notes == before)
        #expect(result.output == "I do not know.")
        #expect(log.records.map(\.event).sketches.suffix(3) == ["tool_result call_1 unknown", "response", "done I do not know."])
        #expect(reader.events.sketches.first == "tool_result call_1 unknown")
        guard case .functionCallOutput(let output)? = model.requests.first?.input.last else { return #expect(Bool(false)) }
        #expect(output.output.contains("may or may not have taken effect"))
    }

    @Test func aToolThatCanBearItIsCalledAgainUnderTheSameKey() async throws {
        let agent = Agent<Void>.stub(tools: [pay(isIdempotent: true)])
        let log = try await cut(agent)
        let (runner, _) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(trace.notes == ["pay r/1/0", "pay r/1/0"])
        let sketches = log.records.map(\.event).sketches
        #expect(sketches == ["start", "response", "tool_call call_1 pay", "tool_start", "tool_result call_1 ok", "response", "done Done"])
    }

    @Test func theStartSaysTheKeyThatTheToolSees() async throws {
        let log = try await cut(.stub(tools: [pay()]))
        #expect(log.records.last?.event == .toolStarted(ToolStart(turn: 1, index: 0, key: "r/1/0")))
        #expect(trace.notes == ["pay r/1/0"])
    }

    @Test func ofSeveralCallsOnlyThoseThatWereBegunAreGivenUpAndResultsStayInCallOrder() async throws {
        var agent = Agent<Void>.stub(tools: [pay(), .stub("read"), pay(isIdempotent: true)])
        agent.tools[2].definition.name = "ping"
        let calls = ScriptedModel.Step.calls(("pay", "1"), ("ping", "2"), ("read", "3"), ("pay", "4"))
        let whole = InMemoryRunLog(run: "r")
        _ = try await Runner(model: ScriptedModel(calls, .text("Done"))).run(agent, input: "Hi", context: (), log: whole)
        let second = try #require(whole.records.firstIndex { $0.event == .toolStarted(ToolStart(turn: 1, index: 1, key: "r/1/1")) })
        let log = InMemoryRunLog(run: "r", prefix: Array(whole.records[...second]))
        let (runner, _) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: "Hi", context: (), log: log)
        let results = log.records.map(\.event).sketches.filter { $0.hasPrefix("tool_result") }
        #expect(
            results == ["tool_result call_1 unknown", "tool_result call_2 ok", "tool_result call_3 ok", "tool_result call_4 ok"])
    }

    @Test func toolsThatReadOrWriteAndAgentsAsToolsHaveNoStart() async throws {
        var helper = Agent<Void>.stub("Helper", tools: [.stub("read")])
        helper.model = ScriptedModel(.call("read"), .text("It is so."))
        let agent = Agent<Void>.stub(tools: [.stub("read"), .stub("write", effect: .writes), helper.asTool(description: "Helps.")])
        let log = InMemoryRunLog()
        let calls = ScriptedModel.Step.calls(("read", "1"), ("write", "2"), ("helper", #"{"input":"x"}"#), ("nobody", ""))
        _ = try await Runner(model: ScriptedModel(calls, .text("Done"))).run(agent, input: "Hi", context: (), log: log)
        #expect(!log.records.contains { $0.event.origin.event.type == "tool_start" })
    }

    @Test func withinAnAgentAsAToolOnlyTheCallThatWasCutOffIsUnknown() async throws {
        var helper = Agent<Void>.stub("Helper", tools: [pay()])
        helper.model = ScriptedModel(.call("pay", id: "p"), .text("Paid."), .text("Perhaps paid."))
        let agent = Agent<Void>.stub(tools: [helper.asTool(description: "Helps.")])
        let log = try await cut(agent, calls: .call("helper", #"{"input":"x"}"#, id: "o"))
        let (runner, _) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(trace.notes == ["pay r/1/0/1/0"])
        let sketches = log.records.map(\.event).sketches
        #expect(sketches.contains("o: tool_result p unknown"))
        #expect(sketches.contains("tool_result o ok"))
    }

    @Test func aRunThatIsCancelledInTheMiddleOfACallDoesNotMakeItAgain() async throws {
        let begun = Gate()
        let agent = Agent<Void>.stub(tools: [
            trace.tool("pay", .external) {
                begun.open()
                try await Gate().wait()
            }
        ])
        let log = InMemoryRunLog()
        let task = Task { try await Runner(model: ScriptedModel(.call("pay"))).run(agent, input: "Hi", context: (), log: log) }
        try await begun.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // Also who goes no further is told what may have happened.
        let items = Transcript(of: log.records.map(\.event)).items
        guard case .functionCallOutput(let output)? = items.last else { return #expect(Bool(false)) }
        #expect(output.output.contains("may or may not have taken effect"))
        let (runner, _) = Runner.scripted(.text("Done"))
        _ = try await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(trace.notes == ["pay"])
        #expect(log.records.map(\.event).sketches.contains("tool_result call_1 unknown"))
    }

    @Test func aCallThatAGuardrailHeldBackForAPersonIsMadeOnceApproved() async throws {
        var tool = pay()
        tool.inputGuardrails = [ToolInputGuardrail("large") { _, _ in .askApproval }]
        let agent = Agent<Void>.stub(tools: [tool])
        let log = InMemoryRunLog(run: "r")
        let first = try await Runner(model: ScriptedModel(.call("pay"))).run(agent, input: "Hi", context: (), log: log)
        #expect(first.interruptions.count == 1)
        let (runner, _) = Runner.scripted(.text("Done"))
        let again = InMemoryRunLog(run: "r", prefix: log.records)
        _ = try await runner.run(agent, input: "Hi", context: (), log: again, decisions: first.interruptions.map { $0.approve() })
        #expect(trace.notes == ["pay r/1/0"])
        #expect(again.records.map(\.event).sketches.contains("tool_result call_1 ok"))
    }
}
