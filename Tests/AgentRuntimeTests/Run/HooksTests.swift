import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, hooks.
@Suite(.timeLimit(.minutes(5))) struct HooksTests {
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

    @Test func k221_everythingIsToldInOrder() async throws {
        let run = try await inBothModes { mode in
            let steps: [ScriptedModel.Step] = [.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done")]
            try await mode.run(agent(mode.trace), model: steps, config: config(Spy(trace: mode.trace)))
        }
        #expect(
            run.notes == [
                "blocking", "start Assistant", "llm 1", "llm ended", "tool add", "add", "add ended", "tool ended add says 1", "llm 3", "llm ended",
                "Assistant to Other", "start Other", "llm 5", "llm ended", "end Other Done", "guardrail",
            ])
    }

    @Test func k221_anAgentIsToldOfItself() async throws {
        func agent(_ trace: Trace) -> Agent<Void> {
            var agent = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: .stub("Other"))])
            agent.hooks = OwnSpy(trace: trace)
            return agent
        }
        let run = try await inBothModes { mode in
            try await mode.run(agent(mode.trace), model: [.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done")])
        }
        #expect(run.notes == ["own start", "own llm", "own llm ended", "own tool", "own tool ended", "own llm", "own llm ended", "own to Other"])
        let alone = try await inBothModes { try await $0.run(agent($0.trace), model: [.text("Done")]) }
        #expect(alone.notes.last == "own end Done")
    }

    @Test(arguments: [[Item.user("Hi")], [.user("One"), .assistant("Two"), .user("Three")], []])
    func k222_hooksAreToldWhatTheModelIsAsked(input: [Item]) async throws {
        struct InputSpy: RunHooks {
            let trace: Trace

            func onLLMStart(_ agent: Agent<Void>, _ request: ModelRequest, _ run: RunContext<Void>) async throws {
                trace.note(request.input.map { $0.json.text }.joined(separator: "\n"))
                trace.note(request.instructions ?? "none")
            }
        }
        let run = try await inBothModes { mode in
            var config = RunConfig<Void>()
            config.hooks = InputSpy(trace: mode.trace)
            try await mode.run(.stub(), items: input, model: [.text("Done")], config: config)
        }
        #expect(run.notes == [input.map { $0.json.text }.joined(separator: "\n"), "Help."])
        #expect(run.requests.map(\.input) == [input])
    }

    @Test func k225_theEndOfACallIsToldWithTheGuardedResult() async throws {
        let run = try await inBothModes { mode in
            var tool = mode.trace.tool("add")
            tool.outputGuardrails = [ToolOutputGuardrail("g") { _, _, _ in .reject("Withheld.") }]
            try await mode.run(.stub(tools: [tool]), model: [.call("add", "1"), .text("Done")], config: config(Spy(trace: mode.trace)))
        }
        #expect(run.notes.contains("tool ended Withheld."))
        #expect(!run.notes.contains { $0.hasPrefix("tool ended add says") })
        let open = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("add")])
            try await mode.run(agent, model: [.call("add", "1"), .text("Done")], config: config(Spy(trace: mode.trace)))
        }
        #expect(open.notes.contains("tool ended add says 1"))
    }

    @Test func k224_aModelThatFailsWasStartedAndNotEnded() async throws {
        let run = await inBothModes(throwing: RunError.model(.contentFiltered)) { mode in
            try await mode.run(.stub(), model: [.error(ModelError.contentFiltered)], config: config(Spy(trace: mode.trace)))
        }
        #expect(run.notes == ["start Assistant", "llm 1"])
    }

    @Test func k226_callsThatCannotBeToldApartEndNothing() async throws {
        let run = await inBothModes(throwing: RunError.modelBehavior("The model made a call without an id.")) { mode in
            try await mode.run(agent(mode.trace), model: [.call("add", id: "")], config: config(Spy(trace: mode.trace)))
        }
        #expect(run.notes.last == "llm 1")
    }

    @Test func k226_aResponseThatCannotBeUsedOtherwiseHasAnEnd() async throws {
        let run = await inBothModes(throwing: RunError.modelBehavior("Tool nothing not found in agent Assistant")) { mode in
            var config = config(Spy(trace: mode.trace))
            config.failsOnUnknownTool = true
            try await mode.run(.stub(), model: [.call("nothing")], config: config)
        }
        #expect(run.notes == ["start Assistant", "llm 1", "llm ended"])
    }

    @Test(arguments: ["start", "llm 1", "llm ended", "tool add", "tool ended", "Assistant to", "end Other"])
    func h120_aHookThatFailsFailsTheRun(hook: String) async throws {
        let run = await inBothModes(throwing: RunError.failed("Failure()")) { mode in
            let steps: [ScriptedModel.Step] = [.call("add", "1"), .call("transfer_to_other", id: "c2"), .text("Done")]
            try await mode.run(agent(mode.trace), model: steps, config: config(Spy(trace: mode.trace, fails: hook)))
        }
        #expect(run.notes.last?.hasPrefix(hook) == true)
        // A189: what was done is recorded, whatever its hook does.
        #expect(run.sketches.contains("tool_result call_1 ok") == !["start", "llm 1", "llm ended", "tool add"].contains(hook))
        #expect(run.log.contains { $0.type == "response" } == !["start", "llm 1"].contains(hook))
        // H120: a handoff whose hook failed did not happen.
        #expect(run.log.contains { $0.type == "handoff" } == (hook == "end Other"))
    }
}
