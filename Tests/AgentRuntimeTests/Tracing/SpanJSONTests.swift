import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk 1.16: ids and shapes as the SDK exports them.
@Suite(.timeLimit(.minutes(5))) struct SpanJSONTests {
    private let trace = AgentRuntime.Trace(id: "trace_1", workflowName: "W")

    private func json(_ data: SpanData) -> JSONValue? {
        AgentRuntime.Span(id: "span_1", trace: trace, startedAt: 0, data: data).json["span_data"]
    }

    @Test func aSpanIsOneObject() {
        var span = AgentRuntime.Span(
            id: "span_1", trace: trace, parentID: "span_0", startedAt: 1_763_889_001_000_123_999, data: .custom(name: "own", data: ["a": 1]))
        #expect(
            span.json == [
                "object": "trace.span", "id": "span_1", "trace_id": "trace_1", "parent_id": "span_0",
                "started_at": "2025-11-23T09:10:01.000123+00:00",
                "ended_at": nil, "span_data": ["type": "custom", "name": "own", "data": ["a": 1]], "error": nil,
            ])
        span.endedAt = 0
        span.error = SpanError("No", data: ["why": "x"])
        #expect(span.json["ended_at"] == "1970-01-01T00:00:00.000000+00:00")
        #expect(span.json["error"] == ["message": "No", "data": ["why": "x"]])
    }

    @Test func eachKindHasItsOwnData() {
        let usage = Usage(requests: 1, inputTokens: 2, outputTokens: 3, cachedTokens: 1, cacheWriteTokens: 2, reasoningTokens: 1)
        let usageJSON: JSONValue = [
            "requests": 1, "input_tokens": 2, "output_tokens": 3, "total_tokens": 5,
            "input_tokens_details": ["cached_tokens": 1, "cache_write_tokens": 2],
            "output_tokens_details": ["reasoning_tokens": 1],
        ]
        let generation = SpanData.Generation(
            model: "m", settings: ModelSettings(temperature: 0), instructions: "Help.", input: [.user("Hi")], output: [.assistant("Yo")],
            usage: usage,
            responseID: "resp_1")
        #expect(
            json(.generation(generation)) == [
                "type": "generation", "input": [["role": "system", "content": "Help."], Item.user("Hi").json], "output": [Item.assistant("Yo").json],
                "model": "m", "model_config": ["temperature": 0], "usage": usageJSON,
            ])
        #expect(json(.response(generation)) == ["type": "response", "response_id": "resp_1", "usage": usageJSON])
        #expect(
            json(.function(SpanData.FunctionCall(name: "add", callID: "c", input: "{}", output: "ok", mcpServer: "todo"))) == [
                "type": "function", "name": "add", "input": "{}", "output": "ok", "mcp_data": ["server": "todo"],
            ])
        #expect(json(.handoff(from: "A", to: "B")) == ["type": "handoff", "from_agent": "A", "to_agent": "B"])
        #expect(json(.mcpTools(server: "todo", tools: ["add"])) == ["type": "mcp_tools", "server": "todo", "result": ["add"]])
    }

    @Test func idsAreThoseOfTheSDK() async throws {
        let recorder = SpanRecorder()
        let runner = Runner(model: ScriptedModel(.text("Hi")), traceProvider: TraceProvider(processors: [recorder]))
        _ = try await runner.run(Agent<Void>.stub(), input: "a", context: ())
        let trace = try #require(recorder.traces.first)
        #expect(trace.id.wholeMatch(of: /trace_[0-9a-f]{32}/) != nil)
        #expect(recorder.spans.allSatisfy { $0.id.wholeMatch(of: /span_[0-9a-f]{24}/) != nil })
        #expect(runner.traceProvider.makeGroupID().wholeMatch(of: /group_[0-9a-f]{24}/) != nil)
        #expect(runner.traceProvider.makeTraceID() != trace.id)
        #expect(recorder.spans.allSatisfy { $0.startedAt > 1_700_000_000_000_000_000 && $0.endedAt ?? 0 >= $0.startedAt })
    }

    @Test func contentsAreThereWhenTheyAreAskedFor() async throws {
        var config = RunConfig<Void>()
        config.traceIncludesSensitiveData = true
        let recorder = SpanRecorder()
        let answer = ModelResponse(items: [.call("add", #"{"n":1}"#, id: "c")], usage: Usage(requests: 1), id: "resp_1")
        let runner = Runner(model: ScriptedModel(.response(answer), .text("Done")), traceProvider: .recording(recorder))
        _ = try await runner.run(.stub(tools: [.stub("add")]), input: "a", context: (), config: config)
        guard case .response(let response) = recorder.span("response")?.data else { Issue.record("There is no response."); return }
        #expect(response.instructions == "Help.")
        #expect(response.input == [.user("a")])
        #expect(response.output == answer.items)
        #expect(recorder.span("response")?.json["span_data"]?["response_id"] == "resp_1")
        #expect(recorder.span("function")?.data == .function(SpanData.FunctionCall(name: "add", callID: "c", input: #"{"n":1}"#, output: "done")))
    }
}
