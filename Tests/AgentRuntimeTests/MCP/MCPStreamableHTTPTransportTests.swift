import AgentRuntime
import AgentTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPStreamableHTTPTransportTests {
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

    @Test(arguments: [503, 408]) func p214_aCallThatFailsOnTheServersSideIsRepeatedOnASessionOfItsOwn(status: Int) async throws {
        let web = MCPWebServer()
        let server = MCPServer(MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web), retries: 2, retryBackoff: .zero)
        try await withClient(server) { client in
            web.failNextCalls(status, status)
            let rain = try await client.call("forecast", arguments: [:], within: nil).text
            #expect(rain == "Rain.")
            #expect(await client.sessionID == "s1")
            // The shared session is as good as before.
            _ = try await client.call("forecast", arguments: [:], within: nil)
        }
        let calls = web.requests.filter { $0.method == "POST" && $0.json["method"] == "tools/call" }.map { $0.headers["Mcp-Session-Id"] }
        #expect(calls == ["s1", "s2", "s3", "s1"])
        #expect(Set(web.requests.filter { $0.method == "DELETE" }.map { $0.headers["Mcp-Session-Id"] }) == ["s1", "s2", "s3"])
    }

    @Test(arguments: [(404, 1), (400, 3), (503, 0)]) func p214_aCallThatIsRefusedIsNotRepeated(status: Int, retries: Int) async throws {
        let web = MCPWebServer()
        let server = MCPServer(MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web), retries: retries)
        try await withClient(server) { client in
            web.failNextCalls(status, status)
            await #expect(throws: MCPError.self) { try await client.call("forecast", arguments: [:], within: nil) }
        }
        let calls = web.requests.filter { $0.method == "POST" && $0.json["method"] == "tools/call" }.count
        // A session that is over is known to have done nothing.
        #expect(calls == (status == 404 ? 2 : 1))
    }

    @Test func p214_aCancelledRunStillTellsTheServerThatItsSessionIsOver() async throws {
        let web = MCPWebServer()
        let (connected, never) = (Gate(), Gate())
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web)
        let task = Task {
            try await withClient(MCPServer(transport)) { client in
                _ = try await client.listTools()
                connected.open()
                try await never.wait()
            }
        }
        try await connected.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(web.requests.last?.method == "DELETE")
    }

    @Test func p218_noErrorShowsTheCredentialsOfAURL() async throws {
        let url = "https://ada:secret@example.com/mcp?token=secret"
        for failure in [TransportError.couldNotConnect, .tls("bad certificate"), .connectionLost("reset"), .refusedURL("it is odd")] {
            let transport = MCPStreamableHTTPTransport(url: url, transport: FixtureTransport(.failure(failure)))
            await #expect {
                try await withClient(MCPServer(transport)) { try await $0.listTools() }
            } throws: {
                !"\($0)".contains("secret") && !String(reflecting: $0).contains("secret") && "\($0)".contains("https://example.com/mcp")
            }
        }
    }

    @Test func callersHaveCredentialsOfTheirOwn() async throws {
        let web = MCPWebServer()
        let transport = MCPStreamableHTTPTransport(url: "http://127.0.0.1/mcp", transport: web) { ["Authorization": "Bearer shared"] }
        var options = MCPToolOptions<String>()
        options.headers = { run in ["Authorization": "Bearer \(run.value)"] }
        try await withClient(MCPServer(transport)) { [options] client in
            let tool = try #require(try await client.tools(options: options).first)
            for person in ["ada", "bob"] { _ = try await tool.call(#"{"city":"Rome"}"#, RunContext(value: person)) }
        }
        let sent = web.requests.filter { $0.json["method"] == "tools/call" }.map { $0.headers["Authorization"] }
        #expect(sent == ["Bearer ada", "Bearer bob"])
        #expect(web.requests.first?.headers["Authorization"] == "Bearer shared")
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
    func p218_theLabelShowsNoCredential(_ url: String, _ label: String) {
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
