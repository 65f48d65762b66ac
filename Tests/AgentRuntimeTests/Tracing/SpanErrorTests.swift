import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// agents-sdk, tracing: what spans say of errors, and that they never replace them.
@Suite(.timeLimit(.minutes(5))) struct SpanErrorTests {
    private struct Secret: Error, CustomStringConvertible {
        var asked: @Sendable () -> Void = {}
        var description: String {
            asked()
            return "the secret"
        }
    }

    private let recorder = SpanRecorder()

    private func run(_ agent: Agent<Void>, _ steps: ScriptedModel.Step..., isShown: Bool = false, limits: RunLimits = RunLimits()) async throws {
        var config = RunConfig<Void>()
        config.traceIncludesSensitiveData = isShown
        let runner = Runner(model: ScriptedModel(steps), limits: limits, traceProvider: .recording(recorder))
        _ = try await runner.run(agent, input: "a", context: (), config: config)
    }

    @Test(arguments: [false, true])
    func c230_anErrorOfTheModelIsThatOfItsSpanAndOfTheAgents(isShown: Bool) async throws {
        let error = ModelError.http(status: 500, message: "the secret", retryAfter: nil)
        await #expect(throws: RunError.model(error)) { try await run(.stub(), .error(error), isShown: isShown) }
        let detail: JSONValue = isShown ? .string(error.description) : "Error details are redacted."
        #expect(recorder.span("generation")?.json["error"] == ["message": "Error getting response", "data": ["error": detail]])
        #expect(recorder.span("agent")?.json["error"] == ["message": "Error in agent run", "data": ["error": detail]])
        #expect(recorder.tree.last == "      generation scripted! Error getting response")
    }

    @Test func c230_usedUpTurnsMarkTheAgent() async throws {
        await #expect(throws: RunError.maxTurnsExceeded(1)) {
            try await run(.stub(tools: [.stub("add")]), .call("add"), limits: RunLimits(turns: 1))
        }
        #expect(recorder.span("agent")?.json["error"] == ["message": "Max turns exceeded", "data": ["max_turns": 1]])
        #expect(
            recorder.tree == [
                "task Agent workflow", "  agent Assistant! Max turns exceeded", "    turn 1", "      generation scripted", "      function add",
            ])
    }

    @Test(arguments: [true, false])
    func c230_aTrippedGuardrailMarksTheAgent(isInput: Bool) async throws {
        var agent = Agent<Void>.stub()
        if isInput {
            agent.inputGuardrails = [InputGuardrail("fence", runsInParallel: false) { _, _ in "no" }]
        } else {
            agent.outputGuardrails = [OutputGuardrail("fence") { _, _ in "no" }]
        }
        let agentToRun = agent
        await #expect(throws: RunError.self) { try await run(agentToRun, .text("Hi")) }
        #expect(recorder.span("guardrail")?.json["span_data"] == ["type": "guardrail", "name": "fence", "triggered": true])
        let type: JSONValue = isInput ? "input_guardrail" : "output_guardrail"
        #expect(
            recorder.span("agent")?.json["error"] == ["message": "Guardrail tripwire triggered", "data": ["guardrail": "fence", "type": type]])
    }

    @Test func c230_aToolThatFailsMarksItsSpan() async throws {
        let tools: [AnyTool<Void>] = [
            .stub("throws") { _, _ in throw Secret() }, .stub("fails") { _, _ in throw ToolFailure("No such order.") },
        ]
        let steps = ScriptedModel.Step.calls(("throws", "{}"), ("fails", "{}"), ("nothing", "{}"))
        try await run(.stub(tools: tools), steps, .text("Done"), isShown: true)
        let errors = recorder.spans("function").map { $0.json["error"]?["data"]?["error"] }
        #expect(errors == ["the secret", "No such order.", "Tool 'nothing' not found."])
        #expect(recorder.spans("function").allSatisfy { $0.error?.message == "Error running tool (non-fatal)" })
    }

    @Test func c230_nothingOfTheContentIsKeptUnlessItIsAskedFor() async throws {
        var needy = AnyTool<Void>.stub("needy")
        needy.needsApproval = .always
        let tools: [AnyTool<Void>] = [.stub("throws") { _, _ in throw Secret() }, .stub("add") { _, _ in "the secret" }, needy]
        let log = InMemoryRunLog()
        let steps = ScriptedModel.Step.calls(("throws", #"{"q":"the secret"}"#), ("add", "the secret"), ("needy", "the secret"))
        let runner = Runner(model: ScriptedModel(steps, .text("the secret")), traceProvider: .recording(recorder))
        let agent = Agent<Void>.stub(instructions: "the secret", tools: tools)
        let asked = try await runner.run(agent, input: "the secret", context: (), log: log)
        _ = try await runner.run(
            agent, input: "", context: (), log: log, decisions: asked.interruptions.map { $0.reject(message: "the secret") })
        #expect(recorder.spans.count == 12)
        #expect(!recorder.spans.map(\.json.text).joined().contains("the secret"))
        #expect(recorder.spans("function").map { $0.error?.message } == ["Error running tool (non-fatal)", nil, "Tool execution was not approved."])
    }

    @Test func c230_severalHandoffsMarkTheFirst() async throws {
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: .stub("Ann")), Handoff(to: .stub("Bob"))])
        try await run(agent, .calls(("transfer_to_ann", ""), ("transfer_to_bob", "")), .text("Done"))
        #expect(
            recorder.span("handoff")?.json["error"] == [
                "message": "Multiple handoffs requested", "data": ["requested_agents": ["Ann", "Bob"]],
            ])
    }

    @Test func c231_anErrorIsPutInWordsOnlyWhereTheyAreKept() async throws {
        let asked = Mutex(0)
        let error = Secret { asked.withLock { $0 += 1 } }
        let tool = AnyTool<Void>.stub("own") { _, _ in
            _ = try? await withCustomSpan("inner") { _ in throw error }
            return "went on"
        }
        try await run(.stub(tools: [tool]), .call("own"), .text("Done"))
        #expect(asked.withLock { $0 } == 0)
        #expect(recorder.span("custom")?.error == SpanError("Error in custom span", data: ["name": "Secret"]))
        #expect(recorder.span("function")?.error == nil)
    }

    @Test func c231_theRunsErrorIsTheSameWithAndWithoutTracing() async throws {
        struct Broken: Error, Equatable {}
        var errors: [RunError?] = []
        for provider in [TraceProvider(), .recording(recorder)] {
            let runner = Runner(model: ScriptedModel(.error(Broken())), traceProvider: provider)
            errors.append(await #expect(throws: RunError.self) { try await runner.run(Agent<Void>.stub(), input: "a", context: ()) })
        }
        #expect(errors == [.failed("Broken()"), .failed("Broken()")])
        #expect(recorder.notes.last == "trace end")
    }

    @Test func aCancelledRunClosesItsSpansAndBlamesNobody() async throws {
        let gate = Gate()
        let tool = AnyTool<Void>.stub("wait") { _, _ in
            gate.open()
            try await Gate().wait()
            return ""
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await run(.stub(tools: [tool]), .call("wait")) }
            try? await gate.wait()
            group.cancelAll()
        }
        #expect(
            recorder.tree == ["task Agent workflow", "  agent Assistant", "    turn 1", "      generation scripted", "      function wait"])
        #expect(recorder.notes.last == "trace end")
    }
}
