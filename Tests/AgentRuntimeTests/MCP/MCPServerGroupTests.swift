import AgentRuntime
import AgentTesting
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPServerGroupTests {
    /// Cannot be reached until it is told to be.
    private final class FlakyServer: MCPTransport {
        let server = forecastServer()
        let label = "flaky"
        private let state = Mutex((isUp: false, tries: 0))

        var tries: Int { state.withLock { $0.tries } }
        func comeUp() { state.withLock { $0.isUp = true } }

        func withConnection(logger: Logger, _ body: @escaping @Sendable (MCPConnection) async throws -> Void) async throws {
            let isUp = state.withLock { state in
                state.tries += 1
                return state.isUp
            }
            guard isUp else { throw MCPError.unreachable("it sleeps") }
            try await server.withConnection(logger: logger, body)
        }
    }

    @Test func p219_serversThatFailAreLeftOutAndOnlyTheyAreTriedAgain() async throws {
        let (good, flaky) = (forecastServer(), FlakyServer())
        try await MCPServerGroup.withConnected([MCPServer(flaky, name: "sky"), MCPServer(good)]) { servers in
            let active = await servers.active
            #expect(active.count == 1)
            #expect(await servers.failures == [MCPServerUnusable(server: "sky", cause: .unreachable("it sleeps"))])
            await servers.reconnectFailed()
            #expect(flaky.tries == 2)
            #expect(await servers.active.count == 1)
            flaky.comeUp()
            await servers.reconnectFailed()
            #expect(await servers.failures.isEmpty)
            var names: [String] = []
            for client in await servers.active { names.append(await client.name) }
            #expect(names == ["sky", "weather"])
            await servers.reconnectFailed()
            #expect(flaky.tries == 3)
        }
        #expect(good.connections == 1)
        #expect(good.closed == 1)
        #expect(flaky.server.closed == 1)
    }

    @Test func p219_whereAllMustBeThereOneThatFailsClosesTheOthers() async throws {
        let good = forecastServer()
        await #expect(throws: MCPServerUnusable(server: "sky", cause: .unreachable("it sleeps"))) {
            try await MCPClient.withClients(of: [MCPServer(good), MCPServer(FlakyServer(), name: "sky")]) { _ in Issue.record("not to be called") }
        }
        #expect(good.closed == good.connections)
    }

    @Test func p219_connectingTakesNoLongerThanItMay() async throws {
        let clock = ManualClock()
        let silent = ScriptedMCPServer(isSilent: true)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await MCPServerGroup.withConnected([MCPServer(silent, connectTimeout: .seconds(3))], clock: clock) { servers in
                    #expect(await servers.failures.map(\.cause) == [.timedOut(.seconds(3))])
                }
            }
            await clock.untilSleeping()
            clock.advance(by: .seconds(3))
            try await group.waitForAll()
        }
        #expect(silent.closed == 1)
    }
}
