import AgentRuntime
import AgentTesting
import Testing

/// What a collector of OpenTelemetry gets: https://opentelemetry.io/docs/specs/otlp/
@Suite(.timeLimit(.minutes(5))) struct OTLPTraceExporterTests {
    private let trace = AgentRuntime.Trace(
        id: "trace_0123456789abcdef0123456789abcdef", workflowName: "W", groupID: "group_1", metadata: ["shop": "north"])
    private let clock = ManualClock()
    private let log = LogRecorder()

    private func exporter(_ transport: any Transport) -> OTLPTraceExporter {
        OTLPTraceExporter(
            url: "http://127.0.0.1:4318/v1/traces", headers: ["x-key": "k"], serviceName: "shop", resource: ["deployment.environment.name": "test"],
            transport: transport, clock: clock, logger: log.logger)
    }

    private func exported(_ span: AgentRuntime.Span) async throws -> JSONValue {
        let transport = FixtureTransport(.json([:]))
        try await exporter(transport).export([.span(span)])
        let scope = transport.requests.first?.json["resourceSpans"]?.array?.first?["scopeSpans"]?.array?.first
        return try #require(scope?["spans"]?.array?.first)
    }

    private func exported(_ data: SpanData, parent: String? = "span_0", error: SpanError? = nil) async throws -> JSONValue {
        try await exported(
            AgentRuntime.Span(
                id: "span_00112233445566778899aabb", trace: trace, parentID: parent, startedAt: 1_763_889_001_000_123_999,
                endedAt: 1_763_889_002_000_000_001, data: data, error: error))
    }

    /// By name, each value in its wrapper.
    private func attributes(_ span: JSONValue) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: (span["attributes"]?.array ?? []).map { ($0["key"]?.string ?? "", $0["value"] ?? .null) })
    }

    @Test func aBatchIsOneRequest() async throws {
        let transport = FixtureTransport(.json([:]))
        try await exporter(transport).export([.trace(trace), .custom("a"), .custom("b")])
        try await exporter(transport).export([.trace(trace)])
        #expect(transport.requests.count == 1)
        let request = try #require(transport.requests.first)
        #expect(request.url == "http://127.0.0.1:4318/v1/traces")
        #expect(request.method == "POST")
        #expect(request.headers == ["x-key": "k", "Content-Type": "application/json"])
        #expect(request.deadlines.total == .seconds(10))
        let resource = try #require(request.json["resourceSpans"]?.array?.first)
        #expect(
            attributes(resource["resource"] ?? .null) == [
                "service.name": ["stringValue": "shop"], "deployment.environment.name": ["stringValue": "test"],
                "telemetry.sdk.name": ["stringValue": "agent-runtime"], "telemetry.sdk.language": ["stringValue": "swift"],
            ])
        let scope = try #require(resource["scopeSpans"]?.array?.first)
        #expect(scope["scope"] == ["name": "agent-runtime"])
        #expect(scope["spans"]?.array?.map { $0["name"] } == ["a", "b"])
    }

    @Test func aSpanHasHexIdsAndNanosecondsAsText() async throws {
        let span = try await exported(.custom(name: "own", data: ["n": 1]), parent: "span_ffeeddccbbaa99887766554433")
        #expect(
            span == [
                "traceId": "0123456789abcdef0123456789abcdef", "spanId": "0011223344556677", "parentSpanId": "ffeeddccbbaa9988", "name": "own",
                "kind": 1, "startTimeUnixNano": "1763889001000123999", "endTimeUnixNano": "1763889002000000001",
                "attributes": [["key": "n", "value": ["intValue": "1"]]],
            ])
    }

    @Test func idsOfTheApplicationsOwnBecomeHexThatIsAlwaysTheSame() async throws {
        var own = AgentRuntime.Span(id: "mine", trace: AgentRuntime.Trace(id: "order 7", workflowName: "W"), startedAt: 0, data: .custom(name: "a"))
        let first = try await exported(own)
        #expect(first["traceId"]?.string?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(first["spanId"]?.string?.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(first["endTimeUnixNano"] == first["startTimeUnixNano"])
        let again = try await exported(own)
        #expect(again == first)
        own = AgentRuntime.Span(id: "span_" + String(repeating: "0", count: 24), trace: own.trace, startedAt: 0, data: .custom(name: "a"))
        let zero = try await exported(own)
        #expect(zero["traceId"] == first["traceId"])
        // Zeros are no id: https://www.w3.org/TR/trace-context/#parent-id
        #expect(zero["spanId"] != "0000000000000000")
    }

    @Test func theTopOfATraceSaysWhatItIs() async throws {
        let top = try await exported(.custom(name: "own"), parent: nil)
        #expect(top["parentSpanId"] == nil)
        #expect(attributes(top) == ["agent.trace.workflow.name": ["stringValue": "W"], "agent.trace.metadata.shop": ["stringValue": "north"]])
    }

    @Test func anErrorIsTheStatus() async throws {
        let span = try await exported(.custom(name: "own"), error: SpanError("Error in custom span", data: ["name": "Secret"]))
        #expect(span["status"] == ["code": 2, "message": "Error in custom span"])
        #expect(attributes(span) == ["error.type": ["stringValue": "Error in custom span"]])
    }

    @Test func everyKindOfValueHasItsWrapper() async throws {
        let span = try await exported(
            .custom(
                name: "own",
                data: [
                    "bool": true, "double": 0.5, "nan": .number(.nan), "low": .number(-.infinity), "high": .number(.infinity), "null": nil,
                    "list": ["a", 1], "map": ["k": "v", "none": nil],
                ]))
        #expect(
            attributes(span) == [
                "bool": ["boolValue": true], "double": ["doubleValue": 0.5], "nan": ["doubleValue": "NaN"], "low": ["doubleValue": "-Infinity"],
                "high": ["doubleValue": "Infinity"], "list": ["arrayValue": ["values": [["stringValue": "a"], ["intValue": "1"]]]],
                "map": ["kvlistValue": ["values": [["key": "k", "value": ["stringValue": "v"]]]]],
            ])
    }

    @Test func aModelCallIsDescribedByTheConventions() async throws {
        let usage = Usage(requests: 1, inputTokens: 20, outputTokens: 7, cachedTokens: 4, cacheWriteTokens: 5, reasoningTokens: 3)
        let span = try await exported(
            .response(
                SpanData.Generation(
                    model: "gpt-5-mini", settings: ModelSettings(temperature: 0.5, topP: 0.9, maxTokens: 100), usage: usage, responseID: "resp_1")))
        #expect(span["name"] == "chat gpt-5-mini")
        #expect(span["kind"] == 3)
        #expect(
            attributes(span) == [
                "gen_ai.operation.name": ["stringValue": "chat"], "gen_ai.provider.name": ["stringValue": "openai"],
                "gen_ai.request.model": ["stringValue": "gpt-5-mini"], "gen_ai.request.temperature": ["doubleValue": 0.5],
                "gen_ai.request.top_p": ["doubleValue": 0.9], "gen_ai.request.max_tokens": ["intValue": "100"],
                "gen_ai.response.id": ["stringValue": "resp_1"], "gen_ai.usage.input_tokens": ["intValue": "20"],
                "gen_ai.usage.output_tokens": ["intValue": "7"], "gen_ai.usage.cache_read.input_tokens": ["intValue": "4"],
                "gen_ai.usage.cache_creation.input_tokens": ["intValue": "5"], "gen_ai.usage.reasoning.output_tokens": ["intValue": "3"],
                "gen_ai.conversation.id": ["stringValue": "group_1"],
            ])
    }

    @Test func theOtherKindsAreDescribedByTheConventions() async throws {
        let tool = try await exported(.function(SpanData.FunctionCall(name: "add", callID: "c", mcpServer: "todo")))
        #expect(tool["name"] == "execute_tool add")
        #expect(
            attributes(tool) == [
                "gen_ai.operation.name": ["stringValue": "execute_tool"], "gen_ai.tool.name": ["stringValue": "add"],
                "gen_ai.tool.call.id": ["stringValue": "c"], "gen_ai.tool.type": ["stringValue": "function"],
                "agent.mcp.server": ["stringValue": "todo"], "gen_ai.conversation.id": ["stringValue": "group_1"],
            ])
        let agent = try await exported(.agent(SpanData.AgentActivation(name: "Helper")))
        #expect(agent["name"] == "invoke_agent Helper")
        #expect(attributes(agent)["gen_ai.agent.name"] == ["stringValue": "Helper"])
        let task = try await exported(.task(name: "W", usage: Usage(inputTokens: 2, outputTokens: 1)))
        #expect(task["name"] == "invoke_workflow W")
        #expect(attributes(task)["gen_ai.usage.input_tokens"] == ["intValue": "2"])
        let guardrail = try await exported(.guardrail(name: "fence", isTriggered: true))
        #expect(attributes(guardrail) == ["agent.guardrail.name": ["stringValue": "fence"], "agent.guardrail.triggered": ["boolValue": true]])
        let handoff = try await exported(.handoff(from: "A", to: "B"))
        #expect(attributes(handoff) == ["agent.handoff.from": ["stringValue": "A"], "agent.handoff.to": ["stringValue": "B"]])
        let listing = try await exported(.mcpTools(server: "todo", tools: ["add"]))
        #expect(listing["name"] == "tools/list")
        #expect(listing["kind"] == 3)
        #expect(attributes(listing)["agent.mcp.tools"] == ["arrayValue": ["values": [["stringValue": "add"]]]])
    }

    @Test(arguments: [false, true]) func contentsLeaveOnlyWhenTheyAreAskedFor(isAskedFor: Bool) async throws {
        let transport = FixtureTransport(.json([:]))
        let processor = BatchTraceProcessor(exporter(transport), clock: clock)
        let runner = Runner(
            model: ScriptedModel(.call("add", #"{"title":"argument"}"#), .text("answer")), traceProvider: TraceProvider(processors: [processor]))
        var config = RunConfig<Void>()
        config.traceIncludesSensitiveData = isAskedFor
        let tool = AnyTool<Void>.stub("add") { _, _ in "result" }
        _ = try await runner.run(.stub(instructions: "instruction", tools: [tool]), input: "question", context: (), config: config)
        await processor.forceFlush()
        let text = try #require(transport.requests.first?.json.text)
        for content in ["instruction", "question", "argument", "result", "answer"] { #expect(text.contains(content) == isAskedFor) }
        for name in ["gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.tool.call.arguments"] {
            #expect(text.contains(name) == isAskedFor)
        }
    }

    @Test(arguments: [429, 502, 503, 504]) func aPassingFailureIsTriedAgain(status: Int) async throws {
        let transport = FixtureTransport(.json([:], status: status), .json([:]))
        async let result: Void = exporter(transport).export([.custom("a")])
        await clock.untilSleeping()
        clock.advance(by: .seconds(1))
        try await result
        #expect(transport.requests.count == 2)
    }

    @Test(arguments: [400, 404, 408, 413, 500, 501]) func anyOtherFailureIsFinal(status: Int) async throws {
        let transport = FixtureTransport(.json([:], status: status))
        await #expect(throws: TraceExportError.refused(status: status)) { try await exporter(transport).export([.custom("a")]) }
        #expect(transport.requests.count == 1)
    }

    @Test func whatAServerLeftOutIsLogged() async throws {
        let answers: [JSONValue] = [
            ["partialSuccess": ["rejectedSpans": "3", "errorMessage": "too old"]], ["partialSuccess": ["rejectedSpans": 2]], ["partialSuccess": [:]],
        ]
        for answer in answers { try await exporter(FixtureTransport(.json(answer))).export([.custom("a")]) }
        #expect(
            log.entries == [
                "warning the trace server did not take every span message=too old rejected=3",
                "warning the trace server did not take every span message= rejected=2",
            ])
    }
}
