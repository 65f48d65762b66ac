import AgentRuntime
import AgentTesting
import FoundationEssentials
import Testing

/// agents-sdk, tracing: a run that goes on from its log goes on in its trace.
@Suite(.timeLimit(.minutes(5))) struct TraceResumeTests {
    private let recorder = SpanRecorder()

    private var agent: Agent<Void> {
        var tool = AnyTool<Void>.stub("add")
        tool.needsApproval = .always
        return .stub(tools: [tool])
    }

    /// Asks for approval, and goes on under another configuration.
    private func run(_ config: RunConfig<Void> = RunConfig(), then later: RunConfig<Void> = RunConfig()) async throws {
        let usage = Usage(requests: 1, inputTokens: 10, outputTokens: 3)
        let model = ScriptedModel(
            .response(ModelResponse(items: [.call("add", "{}", id: "c")], usage: usage)),
            .response(ModelResponse(items: [.assistant("Done")], usage: usage)))
        let runner = Runner(model: model, traceProvider: .recording(recorder))
        let log = InMemoryRunLog()
        let asked = try await runner.run(agent, input: "a", context: (), config: config, log: log)
        let stored = try InMemoryRunLog(
            prefix: log.records.map { try JSONDecoder().decode(RunRecord.self, from: JSONEncoder.stable.encode($0)) })
        _ = try await Runner(model: model, traceProvider: .recording(recorder, seed: 2))
            .run(agent, input: "", context: (), config: later, log: stored, decisions: asked.interruptions.map { $0.approve() })
    }

    @Test func c228_aResumedRunGoesOnInItsTraceWithoutBeginningItAgain() async throws {
        var config = RunConfig<Void>()
        config.workflowName = "Shopping"
        config.groupID = "group_1"
        try await run(config)
        #expect(recorder.notes.filter { $0 == "trace start" }.count == 1)
        #expect(recorder.notes.filter { $0 == "trace end" }.count == 1)
        #expect(Set(recorder.spans.map(\.trace)) == Set(recorder.traces))
        #expect(recorder.spans("task").map(\.sketch) == ["task Shopping", "task Shopping"])
        #expect(
            recorder.tree == [
                "task Shopping", "  agent Assistant", "    turn 1", "      generation scripted", "task Shopping", "  agent Assistant", "    turn 1",
                "      function add", "    turn 2", "      generation scripted",
            ])
    }

    @Test func c229_eachPartOfARunHasItsOwnUsage() async throws {
        try await run()
        let usages = recorder.spans("task").map { $0.json["span_data"]?["data"]?["usage"]?["input_tokens"] }
        #expect(usages == [10, 10])
    }

    @Test func c228_anotherWorkflowBeginsAnotherTrace() async throws {
        var later = RunConfig<Void>()
        later.workflowName = "Returns"
        try await run(then: later)
        #expect(recorder.traces.map(\.workflowName) == ["Agent workflow", "Returns"])
        #expect(Set(recorder.traces.map(\.id)).count == 2)
        #expect(recorder.spans("task").map(\.trace) == recorder.traces)
    }

    @Test(arguments: ["group", "metadata", "id"])
    func c228_anotherGroupMetadataOrIdBeginsAnotherTrace(difference: String) async throws {
        var later = RunConfig<Void>()
        switch difference {
        case "group": later.groupID = "group_2"
        case "metadata": later.traceMetadata = ["shop": "north"]
        default: later.traceID = "trace_ffffffffffffffffffffffffffffffff"
        }
        try await run(then: later)
        #expect(recorder.traces.count == 2)
        #expect(Set(recorder.traces.map(\.id)).count == 2)
        #expect(recorder.spans("task").map(\.trace) == recorder.traces)
    }

    @Test func c228_theSameConfigurationGoesOnInTheTrace() async throws {
        var config = RunConfig<Void>()
        config.groupID = "group_1"
        config.traceMetadata = ["shop": "north"]
        config.traceID = "trace_ffffffffffffffffffffffffffffffff"
        try await run(config, then: config)
        #expect(recorder.traces.map(\.id) == ["trace_ffffffffffffffffffffffffffffffff"])
        #expect(Set(recorder.spans.map(\.trace)) == Set(recorder.traces))
    }

    @Test(arguments: [true, false])
    func c228_everyPrefixOfALogGoesOnInTheSameTrace(isTraced: Bool) async throws {
        let steps: [ScriptedModel.Step] = [.call("add"), .text("Done")]
        let log = InMemoryRunLog(run: "r")
        let first = SpanRecorder()
        let provider = isTraced ? TraceProvider.recording(first) : TraceProvider()
        let runner = Runner(model: ScriptedModel(steps), traceProvider: provider)
        _ = try await runner.run(.stub(tools: [.stub("add")]), input: "a", context: (), log: log)
        var ids: Set<String> = Set(first.traces.map(\.id))
        for count in 1..<log.records.count {
            let prefix = Array(log.records.prefix(count))
            let responses = prefix.filter { if case .response = $0.event { true } else { false } }.count
            let recorder = SpanRecorder()
            let again = InMemoryRunLog(run: "r", prefix: prefix)
            let runner = Runner(model: ScriptedModel(Array(steps.dropFirst(responses))), traceProvider: .recording(recorder, seed: UInt64(count)))
            _ = try await runner.run(.stub(tools: [.stub("add")]), input: "", context: (), log: again)
            #expect(again.records.map(\.event).filter(\.isDecided).last == log.records.last?.event)
            ids.formUnion(recorder.spans.map(\.trace.id))
            // Accepted without a trace and not begun yet: this part begins it.
            #expect(recorder.traces.count == (isTraced || count > 1 ? 0 : 1), "after \(count) records")
        }
        #expect(ids.count == 1)
    }

    @Test func aFinishedLogLeavesNoTrace() async throws {
        let log = InMemoryRunLog()
        _ = try await Runner(model: ScriptedModel(.text("Hi"))).run(Agent<Void>.stub(), input: "a", context: (), log: log)
        _ = try await Runner(model: ScriptedModel(), traceProvider: .recording(recorder)).run(Agent<Void>.stub(), input: "", context: (), log: log)
        #expect(recorder.notes.isEmpty)
    }

    @Test func oldLogsHaveNoTrace() throws {
        let json = #"{"id":1,"event":{"type":"start","start":{"agent":"A","input":[],"facts":{}}}}"#
        let record = try JSONDecoder().decode(RunRecord.self, from: Data(json.utf8))
        #expect(record.event == .start(RunStart(agent: "A", input: [])))
        let trace = AgentRuntime.Trace(id: "trace_1", workflowName: "W", groupID: "g", metadata: ["a": [1]])
        let start = RunStart(agent: "A", input: [], trace: trace)
        #expect(try JSONValue(encoding: start)["trace"] == ["id": "trace_1", "workflow_name": "W", "group_id": "g", "metadata": ["a": [1]]])
        #expect(try JSONValue(encoding: start).decode(as: RunStart.self) == start)
    }
}
