import AgentRuntime
import AgentTesting
import InMemoryTracing
import Testing

/// The trace goes along with requests: https://www.w3.org/TR/trace-context/
@Suite(.timeLimit(.minutes(5))) struct TracePropagationTests {
    private let recorder = SpanRecorder()
    private static let answers: [Bool: JSONValue] = [
        true: ["choices": [["index": 0, "message": ["role": "assistant", "content": "Hi"], "finish_reason": "stop"]]],
        false: ["id": "resp_1", "status": "completed", "output": [Item.assistant("Hi").json]],
    ]

    /// The request of a run that asks a model of either wire API.
    private func request(
        isChat: Bool,
        by provider: TraceProvider,
        settings: ModelSettings = ModelSettings()
    ) async throws -> TransportRequest {
        let transport = FixtureTransport(.json(try #require(TracePropagationTests.answers[isChat])))
        let endpoint = ModelEndpoint(baseURL: "http://127.0.0.1/v1")
        let model: any Model =
            isChat
            ? ChatCompletionsModel(name: "m", endpoint: endpoint, transport: transport)
            : ResponsesModel(name: "m", endpoint: endpoint, transport: transport)
        var agent = Agent<Void>.stub()
        agent.settings = settings
        let runner = Runner(model: RetryingModel(model), isStreamed: false, traceProvider: provider)
        let output = try await runner.run(agent, input: "a", context: ()).output
        #expect(output == "Hi")
        return try #require(transport.requests.first)
    }

    @Test(arguments: [true, false]) func aModelRequestNamesTheSpanOfItsCall(isChat: Bool) async throws {
        let request = try await request(isChat: isChat, by: .recording(recorder))
        let span = try #require(recorder.spans(isChat ? "generation" : "response").first)
        #expect(request.headers.values(for: "traceparent") == ["00-\(span.trace.id.dropFirst(6))-\(span.id.dropFirst(5).prefix(16))-01"])
    }

    @Test(arguments: [true, false]) func withoutATraceThereIsNoHeader(isChat: Bool) async throws {
        let request = try await request(isChat: isChat, by: TraceProvider())
        #expect(request.headers["traceparent"] == nil)
    }

    @Test(arguments: [true, false]) func aHeaderOfTheCallersOwnStays(isChat: Bool) async throws {
        let own = "00-11111111111111111111111111111111-2222222222222222-01"
        let request = try await request(isChat: isChat, by: .recording(recorder), settings: ModelSettings(extraHeaders: ["Traceparent": own]))
        #expect(request.headers.values(for: "traceparent") == [own])
    }

    @Test func aBackEndOfItsOwnWritesItsOwnHeaders() async throws {
        let tracer = InMemoryTracer()
        let request = try await request(isChat: true, by: TraceProvider(tracer: tracer))
        #expect(request.headers["traceparent"] == nil)
        let chat = try #require(tracer.finishedSpans.first { $0.operationName == "chat m" })
        #expect(request.headers["in-memory-trace-id"] == chat.traceID)
        #expect(request.headers["in-memory-span-id"] == chat.spanID)
    }

    @Test func aCallOfAnMCPToolOverHTTPNamesTheSpanOfTheCall() async throws {
        let web = MCPWebServer()
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web)
        let recorder = recorder
        try await withClient(MCPServer(transport)) { client in
            _ = try await client.listTools()
            let agent = try await Agent<Void>.stub().withTools(of: [client])
            let model = ScriptedModel(.call("forecast", #"{"city":"Rome"}"#), .text("Done"))
            _ = try await Runner(model: model, traceProvider: .recording(recorder)).run(agent, input: "a", context: ())
        }
        let span = try #require(recorder.span("function"))
        let posts = web.requests.filter { $0.method == "POST" }
        let call = try #require(posts.first { $0.json["method"] == "tools/call" })
        #expect(call.headers["traceparent"] == "00-\(span.trace.id.dropFirst(6))-\(span.id.dropFirst(5).prefix(16))-01")
        #expect(posts.filter { $0.json["method"] != "tools/call" }.allSatisfy { $0.headers["traceparent"] == nil })
        #expect(span.json["span_data"]?["mcp_data"] == ["server": "web"])
    }
}
