public import Logging

extension MCPClient {
    /// Connects all servers, throwing `MCPServerUnusable` when one cannot be, gives their clients to `body` in the same order, and has ended every connection and every server it started when it returns.
    public static func withClients<Output: Sendable>(
        of servers: [MCPServer],
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "agent.mcp"),
        _ body: ([MCPClient]) async throws -> Output
    ) async throws -> Output {
        let clients = servers.map { MCPClient($0, clock: clock, logger: logger) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients { group.addTask { await client.run() } }
            let result: Result<Output, any Error>
            do {
                try await connect(clients)
                result = .success(try await body(clients))
            } catch {
                result = .failure(error)
            }
            for client in clients { await client.close() }
            return try result.get()
        }
    }

    private static func named(_ client: MCPClient, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as MCPError {
            let server = await client.server
            throw MCPServerUnusable(server: server.name ?? server.transport.label, cause: error)
        }
    }

    private static func connect(_ clients: [MCPClient]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients { group.addTask { try await named(client) { try await client.connect() } } }
            try await group.waitForAll()
        }
    }
}
