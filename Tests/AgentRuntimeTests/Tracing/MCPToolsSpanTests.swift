import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk 1.16: the listing of a server's tools is a span.
@Suite(.timeLimit(.minutes(5))) struct MCPToolsSpanTests {
    private let recorder = SpanRecorder()

    @Test func aListingWithinATraceIsASpan() async throws {
        let provider = TraceProvider.recording(recorder)
        try await withClient(MCPServer(forecastServer(), filter: MCPToolFilter(blocked: ["none"]))) { client in
            _ = try await client.tools(for: Void.self)
            try await provider.withTrace("Set up") { _ = try await client.tools(for: Void.self) }
        }
        #expect(recorder.tree == ["mcp_tools weather"])
        #expect(recorder.span("mcp_tools")?.json["span_data"] == ["type": "mcp_tools", "server": "weather", "result": ["forecast"]])
    }

    @Test func toolsThatTheFilterHoldsBackAreNotInIt() async throws {
        let provider = TraceProvider.recording(recorder)
        try await withClient(MCPServer(forecastServer(), name: "mine", filter: MCPToolFilter(blocked: ["forecast"]))) { client in
            try await provider.withTrace("Set up") { _ = try await client.tools(for: Void.self) }
        }
        #expect(recorder.span("mcp_tools")?.data == .mcpTools(server: "mine", tools: []))
    }

    @Test func toolsOfTheMomentAreListedWithinTheTurn() async throws {
        let recorder = recorder
        try await withClient(forecastServer()) { client in
            var agent = Agent<Void>.stub()
            agent.dynamicTools = { _ in try await client.tools() }
            let model = ScriptedModel(.call("forecast", #"{"city":"Rome"}"#), .text("Done"))
            _ = try await Runner(model: model, traceProvider: .recording(recorder)).run(agent, input: "a", context: ())
        }
        #expect(recorder.tree.filter { $0.hasSuffix("mcp_tools weather") } == Array(repeating: "      mcp_tools weather", count: 2))
        let spans = recorder.spans("function").map(\.data)
        #expect(spans == [.function(SpanData.FunctionCall(name: "forecast", callID: "call_1", mcpServer: "weather"))])
    }

    @Test func aListingThatFailsMarksItsSpan() async throws {
        let provider = TraceProvider.recording(recorder)
        try await withClient(ScriptedMCPServer { _, _, _ in .error(code: 1, "the secret") }) { client in
            await provider.withTrace("Set up") { _ = try? await client.tools(for: Void.self) }
        }
        let span = try #require(recorder.span("mcp_tools"))
        #expect(span.error == SpanError("Error listing MCP tools", data: ["name": "MCPError"]))
    }
}
