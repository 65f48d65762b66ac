import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, tracing: what spans a run has, and in which trace.
@Suite(.timeLimit(.minutes(5))) struct TraceTests {
    private let recorder = SpanRecorder()

    private func runner(_ steps: ScriptedModel.Step..., isStreamed: Bool = true) -> Runner {
        Runner(model: ScriptedModel(steps), isStreamed: isStreamed, traceProvider: .recording(recorder))
    }

    @Test func c227_aRunIsOneTrace() async throws {
        let run = try await inBothModes { mode in
            let recorder = SpanRecorder()
            try await mode.run(.stub(tools: [.stub("add")]), model: [.call("add"), .text("Done")]) { $0.traceProvider = .recording(recorder) }
            #expect(
                recorder.tree == [
                    "task Agent workflow", "  agent Assistant", "    turn 1", "      generation scripted", "      function add", "    turn 2",
                    "      generation scripted",
                ])
            #expect(
                recorder.notes == [
                    "trace start", "task start", "agent start", "turn start", "generation start", "generation end", "function start", "function end",
                    "turn end", "turn start", "generation start", "generation end", "turn end", "agent end", "task end", "trace end",
                ])
            let trace = try #require(recorder.traces.first)
            #expect(recorder.spans.map(\.trace) == Array(repeating: trace, count: 7))
        }
        #expect(run.output == "Done")
    }

    @Test func c227_twoRunsAreTwoTracesUnlessOneIsAroundThem() async throws {
        let runner = runner(.text("1"), .text("2"), .text("3"), .text("4"))
        let agent = Agent<Void>.stub()
        for input in ["a", "b"] { _ = try await runner.run(agent, input: input, context: ()) }
        #expect(Set(recorder.traces.map(\.id)).count == 2)
        try await runner.traceProvider.withTrace("Both", groupID: "group_1", metadata: ["n": 1]) {
            for input in ["c", "d"] { _ = try await runner.run(agent, input: input, context: ()) }
            #expect(AgentRuntime.Trace.current?.workflowName == "Both")
        }
        #expect(AgentRuntime.Trace.current == nil)
        #expect(recorder.traces.map(\.workflowName) == ["Agent workflow", "Agent workflow", "Both"])
        let wrapped = recorder.spans("task").filter { $0.trace == recorder.traces.last }
        #expect(wrapped.count == 2)
        #expect(wrapped.allSatisfy { $0.parentID == nil })
        #expect(recorder.notes.last == "trace end")
    }

    @Test func c227_aDisabledParentDisablesWhatIsWithinIt() async throws {
        let runner = runner(.text("1"), .text("2"), .call("think", #"{"input":"x"}"#), .text("3"), .text("4"))
        let agent = Agent<Void>.stub()
        try await runner.traceProvider.withTrace("Secret", isDisabled: true) {
            _ = try await runner.run(agent, input: "a", context: ())
            await withCustomSpan("own") { #expect($0.id == nil) }
        }
        var config = RunConfig<Void>()
        config.isTracingDisabled = true
        try await runner.traceProvider.withTrace("Outer") {
            _ = try await runner.run(agent, input: "a", context: (), config: config)
            let tool = agent.asTool(name: "think", description: "Thinks.", config: RunConfig())
            _ = try await runner.run(.stub(tools: [tool]), input: "a", context: (), config: config)
        }
        #expect(recorder.notes == ["trace start", "trace end"])
        var off = runner
        off.traceProvider.isDisabled = true
        await #expect(throws: (any Error).self) { try await off.run(agent, input: "a", context: ()) }
        #expect(recorder.notes == ["trace start", "trace end"])
    }

    @Test func c227_theConfigurationNamesTheTrace() async throws {
        var config = RunConfig<Void>()
        config.workflowName = "Shopping"
        config.traceID = "trace_0123456789abcdef0123456789abcdef"
        config.groupID = runner().traceProvider.makeGroupID()
        config.traceMetadata = ["shop": "north"]
        let log = InMemoryRunLog()
        _ = try await runner(.text("Hi")).run(Agent<Void>.stub(), input: "a", context: (), config: config, log: log)
        let trace = try #require(recorder.traces.first)
        #expect(
            trace.json == [
                "object": "trace", "id": "trace_0123456789abcdef0123456789abcdef", "workflow_name": "Shopping",
                "group_id": .string(config.groupID ?? ""), "metadata": ["shop": "north"],
            ])
        guard case .start(let start) = log.records.first?.event else { Issue.record("The log has no start."); return }
        #expect(start.trace == trace)
    }

    @Test func c229_taskAndTurnSpansHoldTheUsageOfTheirRun() async throws {
        let usage = Usage(requests: 1, inputTokens: 10, outputTokens: 3, cachedTokens: 2, cacheWriteTokens: 1)
        let call = Item.call("add", "{}", id: "c")
        let runner = runner(
            .response(ModelResponse(items: [call], usage: usage)), .response(ModelResponse(items: [.assistant("Done")], usage: usage)))
        _ = try await runner.run(.stub(tools: [.stub("add")]), input: "a", context: ())
        #expect(
            recorder.span("task")?.json["span_data"] == [
                "type": "custom", "name": "task",
                "data": [
                    "sdk_span_type": "task", "name": "Agent workflow",
                    "usage": [
                        "requests": 2, "input_tokens": 20, "output_tokens": 6, "total_tokens": 26, "cached_input_tokens": 4,
                        "cache_write_input_tokens": 2,
                    ],
                ],
            ])
        for (index, turn) in recorder.spans("turn").enumerated() {
            #expect(
                turn.json["span_data"] == [
                    "type": "custom", "name": "turn",
                    "data": [
                        "sdk_span_type": "turn", "turn": .integer(index + 1), "agent_name": "Assistant",
                        "usage": ["input_tokens": 10, "output_tokens": 3, "cached_input_tokens": 2, "cache_write_input_tokens": 1],
                    ],
                ])
        }
        #expect(recorder.spans("turn").count == 2)
    }

    @Test func c229_taskAndTurnSpansCanBeLeftOut() async throws {
        var config = RunConfig<Void>()
        config.includesTaskAndTurnSpans = false
        _ = try await runner(.call("add"), .text("Done")).run(.stub(tools: [.stub("add")]), input: "a", context: (), config: config)
        #expect(recorder.tree == ["agent Assistant", "  generation scripted", "  function add", "  generation scripted"])
    }

    @Test func c234_parentsAreRightWhenCallsRunTogether() async throws {
        let gate = Gate()
        let nested = Agent<Void>(name: "Thinker").asTool(name: "think", description: "Thinks.")
        let first = AnyTool<Void>.stub("first", effect: .external) { _, _ in
            try await withCustomSpan("fetch") { span in
                span.set("url", to: "x")
                try await gate.wait()
                return await withCustomSpan("parse") { _ in "1" }
            }
        }
        let second = AnyTool<Void>.stub("second", effect: .external) { _, _ in
            await withCustomSpan("count") { _ in }
            gate.open()
            return "2"
        }
        let calls = ScriptedModel.Step.calls(("first", ""), ("second", ""), ("think", #"{"input":"x"}"#))
        let outer = ScriptedModel(calls, .text("Done"))
        var agent = Agent<Void>.stub(tools: [first, second, nested])
        agent.model = outer
        _ = try await runner(.text("Hm")).run(agent, input: "a", context: ())
        #expect(
            Set(recorder.tree) == [
                "task Agent workflow", "  agent Assistant", "    turn 1", "      generation scripted", "      function first", "        custom fetch",
                "          custom parse", "      function second", "        custom count", "      function think", "        task Agent workflow",
                "          agent Thinker", "            turn 1", "              generation scripted", "    turn 2",
            ])
        #expect(recorder.spans.count == 16)
        #expect(Set(recorder.spans.map(\.trace.id)).count == 1)
        #expect(Set(recorder.spans.map(\.id)).count == 16)
        let fetch = recorder.spans("custom").first { $0.sketch == "custom fetch" }
        #expect(fetch?.data == .custom(name: "fetch", data: ["url": "x"]))
    }

    @Test func c234_eachAgentHasItsOwnSpan() async throws {
        var helper = Agent<Void>.stub("Helper", tools: [.stub("add")])
        helper.outputGuardrails = [OutputGuardrail("polite") { _, _ in nil }]
        var agent = Agent<Void>.stub(tools: [.stub("add"), .stub("hidden")], handoffs: [Handoff(to: helper)])
        agent.tools[1].isEnabled = { _ in false }
        agent.inputGuardrails = [InputGuardrail("blocking", runsInParallel: false) { _, _ in nil }, InputGuardrail("parallel") { _, _ in nil }]
        _ = try await runner(.call("transfer_to_helper"), .call("add"), .text("Done")).run(agent, input: "a", context: ())
        #expect(
            recorder.tree.filter { !$0.contains("parallel") } == [
                "task Agent workflow", "  agent Assistant", "    turn 1", "      guardrail blocking", "      generation scripted",
                "      handoff Assistant to Helper", "  agent Helper", "    turn 2", "      generation scripted", "      function add", "    turn 3",
                "      generation scripted", "    guardrail polite",
            ])
        #expect(recorder.tree.contains("      guardrail parallel"))
        let agents = recorder.spans("agent").map { $0.json["span_data"] }
        #expect(
            agents == [
                ["type": "agent", "name": "Assistant", "handoffs": ["Helper"], "tools": ["add"], "output_type": "str"],
                ["type": "agent", "name": "Helper", "handoffs": [], "tools": ["add"], "output_type": "str"],
            ])
    }

    @Test func whereNobodyIsToldNothingIsMade() async throws {
        let log = InMemoryRunLog()
        let tool = AnyTool<Void>.stub("add") { _, _ in
            #expect(ActiveSpan.current.id == nil)
            return await withCustomSpan("own") { span in span.id ?? "none" }
        }
        _ = try await Runner(model: ScriptedModel(.call("add"), .text("Done"))).run(.stub(tools: [tool]), input: "a", context: (), log: log)
        let outputs = log.records.compactMap { if case .toolResult(let result) = $0.event { result.output } else { nil } }
        #expect(outputs == ["none"])
        guard case .start(let start) = log.records.first?.event else { Issue.record("The log has no start."); return }
        #expect(start.trace == nil)
    }
}
