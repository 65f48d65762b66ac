import AgentRuntime
import AgentTesting
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPClientTests {
    @Test func theHandshakeComesFirstAndTheServerGivesItsName() async throws {
        let server = forecastServer()
        try await withClient(server) { client in
            #expect(await client.name == "weather")
            let seen1 = try await client.listTools().map { $0.name }
            #expect(seen1 == ["forecast"])
        }
        #expect(server.received.map { $0["method"]?.string } == ["initialize", "notifications/initialized", "tools/list"])
        #expect(server.received.first?["params"]?["protocolVersion"] == "2025-06-18")
        #expect(server.closed == 1)
    }

    @Test(arguments: [("2024-11-05", true), ("2025-03-26", true), ("1999-01-01", false)])
    func olderVersionsAreSpokenAndUnknownOnesRefused(_ version: String, _ isSpoken: Bool) async throws {
        let hello: JSONValue = ["protocolVersion": .string(version), "serverInfo": ["name": "old"]]
        let server = ScriptedMCPServer(hello: hello) { _, _, _ in .result(["tools": []]) }
        let outcome = await Result { try await withClient(server) { try await $0.listTools().count } }
        #expect((try? outcome.get()) == (isSpoken ? 0 : nil))
    }

    @Test func p211_p212_allPagesAreReadAndKept() async throws {
        let server = ScriptedMCPServer { _, params, _ in
            params["cursor"] == "2" ? .result(["tools": [["name": "b"]]]) : .result(["tools": [["name": "a"]], "nextCursor": "2"])
        }
        try await withClient(server) { client in
            let seen2 = try await client.listTools().map { $0.name }
            #expect(seen2 == ["a", "b"])
            let seen3 = try await client.listTools().map { $0.name }
            #expect(seen3 == ["a", "b"])
            #expect(try await client.listTools().allSatisfy { $0.inputSchema == ["type": "object", "properties": [:]] })
        }
        #expect(server.count(of: "tools/list") == 2)
    }

    @Test func p212_aListThatGoesInACircleIsRefused() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result(["tools": [], "nextCursor": "again"]) }
        await #expect(throws: MCPError.malformed("its list of tools goes in a circle")) {
            try await withClient(server) { try await $0.listTools() }
        }
    }

    @Test func p212_aListMayHaveOnlySoManyPages() async throws {
        let server = ScriptedMCPServer { _, params, _ in
            .result(["tools": [], "nextCursor": .string((params["cursor"]?.string ?? "") + "x")])
        }
        await #expect(throws: MCPError.malformed("its list of tools has more than 3 pages")) {
            try await withClient(MCPServer(server, pageLimit: 3)) { try await $0.listTools() }
        }
    }

    @Test func p211_aChangeOfTheToolsEmptiesTheCache() async throws {
        let server = forecastServer()
        try await withClient(server) { client in
            _ = try await client.listTools()
            server.say(["jsonrpc": "2.0", "method": "notifications/tools/list_changed"])
            server.say(["jsonrpc": "2.0", "id": 7, "method": "ping"])
            await server.received { $0["id"] == 7 }
            _ = try await client.listTools()
        }
        #expect(server.count(of: "tools/list") == 2)
    }

    @Test func pingsAreAnsweredAndUnknownRequestsAreRefused() async throws {
        let server = forecastServer()
        try await withClient(server) { _ in
            server.say(["jsonrpc": "2.0", "id": "p", "method": "ping"])
            server.say(["jsonrpc": "2.0", "id": "s", "method": "sampling/createMessage"])
            await server.received { $0["id"] == "s" }
        }
        #expect(server.received.contains { $0["id"] == "p" && $0["result"] == [:] })
        #expect(server.received.contains { $0["id"] == "s" && $0["error"]?["code"] == -32_601 })
    }

    @Test func aCallThatTakesTooLongIsGivenUpAndTheServerIsTold() async throws {
        let clock = ManualClock()
        let server = forecastServer(.silence)
        try await withClient(server, clock: clock) { client in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: MCPError.timedOut(.seconds(5))) { try await client.call("forecast", arguments: [:]) }
                }
                await server.received { $0["method"] == "tools/call" }
                await clock.untilSleeping()
                clock.advance(by: .seconds(5))
            }
            await server.received { $0["method"] == "notifications/cancelled" }
        }
        let call = server.received.first { $0["method"] == "tools/call" }
        let word = server.received.first { $0["method"] == "notifications/cancelled" }
        #expect(word?["params"]?["requestId"] == call?["id"])
    }

    @Test func p216_aCancelledCallTellsTheServer() async throws {
        let server = forecastServer(.silence)
        try await withClient(server) { client in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await client.call("forecast", arguments: [:], within: nil) }
                await server.received { $0["method"] == "tools/call" }
                group.cancelAll()
            }
            await server.received { $0["method"] == "notifications/cancelled" }
        }
    }

    @Test func p214_aLostCallIsNotRepeatedAndTheNextOneConnectsAgain() async throws {
        let server = ScriptedMCPServer { method, _, connection in
            method == "tools/list" ? .result(["tools": [forecastTool]]) : connection == 1 ? .hangUp : .result(["content": []])
        }
        try await withClient(server) { client in
            await #expect(throws: MCPError.connectionLost) { try await client.call("forecast", arguments: [:]) }
            #expect(server.count(of: "tools/call") == 1)
            let seen4 = try await client.call("forecast", arguments: [:]).content
            #expect(seen4 == [])
        }
        #expect(server.count(of: "tools/call") == 2)
        #expect(server.connections == 2)
    }

    @Test func aCallThatCannotHaveArrivedIsMadeAgainOnce() async throws {
        let server = ScriptedMCPServer { _, _, connection in connection == 1 ? .undelivered : .result(["content": []]) }
        try await withClient(server) { client in _ = try await client.call("forecast", arguments: [:]) }
        #expect(server.connections == 2)
        #expect(server.count(of: "tools/call") == 1)

        let dead = ScriptedMCPServer { _, _, _ in .undelivered }
        try await withClient(dead) { client in
            await #expect(throws: MCPError.undelivered("the test says so.")) { try await client.call("forecast", arguments: [:]) }
        }
        #expect(dead.connections == 2)
    }

    @Test func p212_onlyTheFailedPageIsAskedForAgainAndAPartOfAListIsNotKept() async throws {
        let failures = Mutex(2)
        let server = ScriptedMCPServer { _, params, _ in
            guard params["cursor"] == "2" else { return .result(["tools": [["name": "a"]], "nextCursor": "2"]) }
            let isFailing = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            return isFailing ? .error(code: 503, "busy") : .result(["tools": [["name": "b"]]])
        }
        // One repetition is too few, and nothing is kept of the list.
        try await withClient(MCPServer(server, retries: 1, retryBackoff: .zero)) { client in
            await #expect(throws: MCPError.refused(code: 503, message: "busy")) { try await client.listTools() }
            let names = try await client.listTools().map(\.name)
            #expect(names == ["a", "b"])
        }
        let asked = server.received.filter { $0["method"] == "tools/list" }.map { $0["params"]?["cursor"] }
        #expect(asked == [nil, "2", "2", nil, "2"])

        failures.withLock { $0 = 1 }
        try await withClient(MCPServer(server, retries: 1, retryBackoff: .zero)) { client in
            let names = try await client.listTools().map(\.name)
            #expect(names == ["a", "b"])
        }
        #expect(server.count(of: "tools/list") == 5 + 3)
    }

    @Test func p211_theCacheHoldsTheListBeforeTheFilterUntilItIsEmptied() async throws {
        let server = ScriptedMCPServer { _, _, _ in .result(["tools": [["name": "a"], ["name": "b"]]]) }
        try await withClient(MCPServer(server, filter: MCPToolFilter(blocked: ["b"]))) { client in
            let offered = try await client.tools(for: Void.self).map { $0.name }
            #expect(offered == ["a"])
            let names = try await client.listTools().map(\.name)
            #expect(names == ["a", "b"])
            #expect(server.count(of: "tools/list") == 1)
            await client.invalidateToolsCache()
            _ = try await client.listTools()
        }
        #expect(server.count(of: "tools/list") == 2)
    }

    @Test func p214_aCallIsRepeatedOnANewConnectionWhereItsServerCanBearIt() async throws {
        let server = ScriptedMCPServer { _, _, connection in connection == 1 ? .hangUp : .result(["content": []]) }
        try await withClient(MCPServer(server, retries: 1, retryBackoff: .zero)) { client in
            let content = try await client.call("forecast", arguments: [:]).content
            #expect(content.isEmpty)
        }
        #expect(server.connections == 2)
        #expect(server.count(of: "tools/call") == 2)
    }

    @Test func repetitionsComeSlower() async throws {
        let clock = ManualClock()
        let server = forecastServer(.error(code: 503, "busy"))
        try await withClient(MCPServer(server, retries: 2, retryBackoff: .seconds(2)), clock: clock) { client in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: MCPError.refused(code: 503, message: "busy")) { try await client.call("x", arguments: [:], within: nil) }
                }
                for backoff in [2, 4] {
                    await clock.untilSleeping()
                    clock.advance(by: .seconds(backoff))
                }
            }
        }
        #expect(clock.sleeps.suffix(2) == [.seconds(2), .seconds(4)])
        #expect(server.count(of: "tools/call") == 3)
    }

    @Test func p214_cancellingEndsTheWaitForARepetition() async throws {
        let clock = ManualClock()
        let server = forecastServer(.error(code: 503, "busy"))
        try await withClient(MCPServer(server, retries: 5), clock: clock) { client in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await client.call("forecast", arguments: [:], within: nil) }
                }
                await clock.untilSleeping()
                group.cancelAll()
            }
        }
        #expect(server.count(of: "tools/call") == 1)
    }

    @Test func p220_whatTheServerSaysOfItsOwnAccordIsHeard() async throws {
        let server = forecastServer()
        let heard = Mutex<[String]>([])
        let isHeard = Gate()
        let listening = MCPServer(server) { message in
            heard.withLock { $0.append(message["method"]?.string ?? "") }
            if message["method"] == "ping" { isHeard.open() }
        }
        try await withClient(listening) { _ in
            server.say(["jsonrpc": "2.0", "method": "notifications/message", "params": ["data": "Hi"]])
            server.say(["jsonrpc": "2.0", "id": 7, "method": "ping"])
            try await isHeard.wait()
        }
        #expect(heard.withLock { $0 } == ["notifications/message", "ping"])
    }

    @Test func nothingIsAskedAfterTheEnd() async throws {
        let kept = try await withClient(forecastServer()) { $0 }
        await #expect(throws: MCPError.closed) { try await kept.call("forecast", arguments: [:]) }
    }
}

/// A connected client of `server`, closed behind `body`.
@discardableResult
func withClient<Output: Sendable>(
    _ server: ScriptedMCPServer,
    clock: any Clock<Duration> = ContinuousClock(),
    _ body: @Sendable (MCPClient) async throws -> Output
) async throws -> Output {
    try await withClient(MCPServer(server), clock: clock, body)
}

@discardableResult
func withClient<Output: Sendable>(
    _ server: MCPServer,
    clock: any Clock<Duration> = ContinuousClock(),
    _ body: @Sendable (MCPClient) async throws -> Output
) async throws -> Output {
    try await MCPClient.withClients(of: [server], clock: clock) { clients in try await body(#require(clients.first)) }
}

extension Result where Failure == any Error {
    init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
