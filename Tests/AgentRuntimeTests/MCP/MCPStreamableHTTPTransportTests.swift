import AgentRuntime
import AgentTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct MCPStreamableHTTPTransportTests {
    @Test func requestsCarryTheSessionTheVersionAndTheCallersCredential() async throws {
        let web = MCPWebServer()
        let tokens = Mutex(0)
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web) {
            ["Authorization": "Bearer \(tokens.withLock { count in count += 1; return count })"]
        }
        try await withClient(MCPServer(transport)) { client in
            let seen1 = try await client.listTools().map { $0.name }
            #expect(seen1 == ["forecast"])
            let seen2 = try await client.call("forecast", arguments: [:]).text
            #expect(seen2 == "Rain.")
        }
        let posts = web.requests.filter { $0.method == "POST" }
        #expect(posts.map { $0.headers["Mcp-Session-Id"] } == [nil, "s1", "s1", "s1"])
        #expect(posts.map { $0.headers["MCP-Protocol-Version"] } == [nil, "2025-06-18", "2025-06-18", "2025-06-18"])
        #expect(Set(web.requests.map { $0.headers["Authorization"] }).count == web.requests.count)
        let last = try #require(web.requests.last)
        #expect(last.method == "DELETE")
        #expect(last.headers["Mcp-Session-Id"] == "s1")
    }

    @Test func aSessionThatIsOverBeginsAnew() async throws {
        let web = MCPWebServer()
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web)
        try await withClient(MCPServer(transport)) { client in
            web.forgetSessions()
            let seen3 = try await client.call("forecast", arguments: [:]).text
            #expect(seen3 == "Rain.")
        }
        #expect(web.requests.last?.headers["Mcp-Session-Id"] == "s2")
    }

    @Test func aStreamThatEndsBeforeTheAnswerIsALostConnection() async throws {
        let web = MCPWebServer()
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web)
        try await withClient(MCPServer(transport)) { client in
            web.cutNextStream()
            await #expect(throws: MCPError.connectionLost) { try await client.call("forecast", arguments: [:]) }
        }
    }

    @Test(arguments: [
        ("https://ada:secret@example.com/mcp?token=secret#secret", "https://example.com/mcp"), ("https://example.com/a@b", "https://example.com/a@b"),
        ("http://127.0.0.1:80/mcp", "http://127.0.0.1:80/mcp"),
    ])
    func theLabelShowsNoCredential(_ url: String, _ label: String) {
        #expect(MCPStreamableHTTPTransport(url: url, transport: FixtureTransport()).label == label)
    }

    @Test func otherCredentialsAreAskedForInWords() async throws {
        let transport = MCPStreamableHTTPTransport(
            url: "http://127.0.0.1/mcp", transport: FixtureTransport(.json([:], status: 401)))
        await #expect(throws: MCPServerUnusable.self) {
            try await withClient(MCPServer(transport)) { try await $0.listTools() }
        }
    }
}

/// A server behind a transport: it answers calls as event streams, everything else as JSON.
private final class MCPWebServer: Transport {
    private struct State {
        var requests: [TransportRequest] = []
        var sessions = 0
        var known: String?
        var isCutting = false
    }

    private let state = Mutex(State())

    var requests: [TransportRequest] { state.withLock { $0.requests } }
    func forgetSessions() { state.withLock { $0.known = nil } }
    func cutNextStream() { state.withLock { $0.isCutting = true } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        state.withLock { $0.requests.append(request) }
        guard request.method == "POST" else { return TransportResponse(status: request.method == "GET" ? 405 : 200) }
        let message = request.json
        guard message["method"] != "initialize" else { return begin(message) }
        guard state.withLock({ $0.known != nil && $0.known == request.headers["Mcp-Session-Id"] }) else { return TransportResponse(status: 404) }
        guard let id = message["id"] else { return TransportResponse(status: 202) }
        if message["method"] == "tools/list" { return json(["jsonrpc": "2.0", "id": id, "result": ["tools": [forecastTool]]]) }
        let progress: JSONValue = ["jsonrpc": "2.0", "method": "notifications/message", "params": [:]]
        let answer: JSONValue = ["jsonrpc": "2.0", "id": id, "result": ["content": [["type": "text", "text": "Rain."]]]]
        let isCut = state.withLock { state in
            defer { state.isCutting = false }
            return state.isCutting
        }
        let events = [progress] + (isCut ? [] : [answer])
        return TransportResponse(
            status: 200, headers: ["Content-Type": "text/event-stream"],
            body: TransportBody(events.map { ServerSentEvent(data: $0.text).encoded }))
    }

    private func begin(_ message: JSONValue) -> TransportResponse {
        let session = state.withLock { state in
            state.sessions += 1
            state.known = "s\(state.sessions)"
            return "s\(state.sessions)"
        }
        var response = json([
            "jsonrpc": "2.0", "id": message["id"] ?? .null,
            "result": ["protocolVersion": "2025-06-18", "serverInfo": ["name": "web"]],
        ])
        response.headers.append(session, for: "Mcp-Session-Id")
        return response
    }

    private func json(_ json: JSONValue) -> TransportResponse {
        TransportResponse(status: 200, headers: ["Content-Type": "application/json"], body: TransportBody([json.bytes]))
    }
}
