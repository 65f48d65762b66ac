import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, hooks.
@Suite(.timeLimit(.minutes(1))) struct HooksTests {
    private struct Failure: Error {}

    private struct Spy: RunHooks {
        let trace: Trace
        var fails = ""

        func onAgentStart(_ agent: Agent<Void>, _ run: RunContext<Void>) async throws { try note("start \(agent.name)") }
        func onAgentEnd(_ agent: Agent<Void>, output: String, _ run: RunContext<Void>) async throws { try note("end \(agent.name) \(output)") }
        func onLLMStart(_ agent: Agent<Void>, _ request: ModelRequest, _ run: RunContext<Void>) async throws {
            try note("llm \(request.input.count)")
        }
        func onLLMEnd(_ agent: Agent<Void>, _ response: ModelResponse, _ run: RunContext<Void>) async throws { try note("llm ended") }
        func onToolStart(_ agent: Agent<Void>, _ tool: AnyTool<Void>, _ call: ToolCall, _ run: RunContext<Void>) async throws {
            try note("tool \(tool.name)")
        }
        func onToolEnd(_ agent: Agent<Void>, _ tool: AnyTool<Void>, _ result: ToolResult, _ run: RunContext<Void>) async throws {
            try note("tool ended \(result.output)")
        }
        func onHandoff(from source: Agent<Void>, to target: Agent<Void>, _ run: RunContext<Void>) async throws {
            try note("\(source.name) to \(target.name)")
        }

        private func note(_ text: String) throws {
            trace.note(text)
            if text.hasPrefix(fails), !fails.isEmpty { throw Failure() }
        }
    }

    private struct OwnSpy: AgentHooks {
        let trace: Trace

        func onStart(_ agent: Agent<Void>, _ run: RunContext<Void>) async throws { trace.note("own start") }
        func onEnd(_ agent: Agent<Void>, output: String, _ run: RunContext<Void>) async throws { trace.note("own end \(output)") }
        func onLLMStart(_ agent: Agent<Void>, _ request: ModelRequest, _ run: RunContext<Void>) async throws { trace.note("own llm") }
        func onLLMEnd(_ agent: Agent<Void>, _ response: ModelResponse, _ run: RunContext<Void>) async throws { trace.note("own llm ended") }
        func onToolStart(_ agent: Agent<Void>, _ tool: AnyTool<Void>, _ call: ToolCall, _ run: RunContext<Void>) async throws {
            trace.note("own tool")
        }
        func onToolEnd(_ agent: Agent<Void>, _ tool: AnyTool<Void>, _ result: ToolResult, _ run: RunContext<Void>) async throws {
            trace.note("own tool ended")
        }
        func onHandoff(from source: Agent<Void>, to target: Agent<Void>, _ run: RunContext<Void>) async throws { trace.note("own to \(target.name)") }
    }

    private func config(_ hooks: Spy) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        config.hooks = hooks
        return config
    }

    private func agent(_ trace: Trace) -> Agent<Void> {
        var other = Agent<Void>.stub("Other")
        other.outputGuardrails = [
            OutputGuardrail("last") { _, _ in
                trace.note("guardrail"); return nil
            }
        ]
        var agent = Agent<Void>.stub(tools: [trace.tool("add")], handoffs: [Handoff(to: other)])
        agent.inputGuardrails = [
            InputGuardrail("first", runsInParallel: false) { _, _ in
                trace.note("blocking"); return nil
            }
        ]
        return agent
    }

    @Test(arguments: [true, false])
    func k221_everythingIsToldInOrder(isStreamed: Bool) async throws {
        let trace = Trace()
        let (runner, _) = Runner.scripted(.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done"), isStreamed: isStreamed)
        _ = try await runner.run(agent(trace), input: "Hi", context: (), config: config(Spy(trace: trace)))
        #expect(
            trace.notes == [
                "blocking", "start Assistant", "llm 1", "llm ended", "tool add", "add", "add ended", "tool ended add says 1", "llm 3", "llm ended",
                "Assistant to Other", "start Other", "llm 5", "llm ended", "end Other Done", "guardrail",
            ])
    }

    @Test func k221_anAgentIsToldOfItself() async throws {
        let trace = Trace()
        let (runner, _) = Runner.scripted(.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done"))
        var first = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: .stub("Other"))])
        first.hooks = OwnSpy(trace: trace)
        _ = try await runner.run(first, input: "Hi", context: ())
        #expect(
            trace.notes == ["own start", "own llm", "own llm ended", "own tool", "own tool ended", "own llm", "own llm ended", "own to Other"])
        let (again, _) = Runner.scripted(.text("Done"))
        let end = Trace()
        first.hooks = OwnSpy(trace: end)
        _ = try await again.run(first, input: "Hi", context: ())
        #expect(end.notes.last == "own end Done")
    }

    @Test func k224_aModelThatFailsWasStartedAndNotEnded() async throws {
        let trace = Trace()
        let (runner, _) = Runner.scripted(.error(ModelError.contentFiltered))
        await #expect(throws: RunError.self) {
            try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), config: config(Spy(trace: trace)))
        }
        #expect(trace.notes == ["start Assistant", "llm 1"])
    }

    @Test func k226_callsThatCannotBeToldApartEndNothing() async throws {
        let trace = Trace()
        let (runner, _) = Runner.scripted(.call("add", id: ""))
        await #expect(throws: RunError.self) { try await runner.run(agent(trace), input: "Hi", context: (), config: config(Spy(trace: trace))) }
        #expect(trace.notes.last == "llm 1")
    }

    @Test(arguments: ["start", "llm 1", "llm ended", "tool add", "tool ended", "Assistant to", "end Other"])
    func h120_aHookThatFailsFailsTheRun(hook: String) async throws {
        let trace = Trace()
        let (runner, _) = Runner.scripted(.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done"))
        let log = InMemoryRunLog()
        await #expect(throws: RunError.failed("Failure()")) {
            try await runner.run(agent(trace), input: "Hi", context: (), config: config(Spy(trace: trace, fails: hook)), log: log)
        }
        #expect(trace.notes.last?.hasPrefix(hook) == true)
        // A189: what was done is recorded, whatever its hook does.
        #expect(log.records.map(\.event).sketches.contains("tool_result call_1 ok") == !["start", "llm 1", "llm ended", "tool add"].contains(hook))
        // H120: a handoff whose hook failed did not happen.
        #expect(log.records.contains { $0.event.type == "handoff" } == (hook == "end Other"))
    }
}
