public import Logging

/// Servers some of which may be out of reach, kept by one owner: `withConnected` connects them and closes them.
public actor MCPServerGroup {
    private let clients: [MCPClient]
    private let logger: Logger
    private var failed: [Int: MCPServerUnusable] = [:]

    private init(_ clients: [MCPClient], logger: Logger) {
        self.clients = clients
        self.logger = logger
    }

    /// Connects those servers that can be within their `connectTimeout`, gives the group to `body`, and has ended every connection and every server
    /// that it started when it returns. Servers that all must be there are `MCPClient.withClients`'s.
    public static func withConnected<Output: Sendable>(
        _ servers: [MCPServer],
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "agent.mcp"),
        _ body: (MCPServerGroup) async throws -> Output
    ) async throws -> Output {
        let clients = servers.map { MCPClient($0, clock: clock, logger: logger) }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            for client in clients { tasks.addTask { await client.run() } }
            let group = MCPServerGroup(clients, logger: logger)
            await group.connect(Array(clients.indices))
            let result: Result<Output, any Error>
            do { result = .success(try await body(group)) } catch { result = .failure(error) }
            for client in clients { await client.close() }
            return try result.get()
        }
    }

    /// The servers that are connected, in the order in which they were given.
    public var active: [MCPClient] {
        clients.indices.filter { failed[$0] == nil }.map { clients[$0] }
    }

    /// Those that are not, and why.
    public var failures: [MCPServerUnusable] {
        failed.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Tries those again that could not be connected, and leaves the others alone.
    public func reconnectFailed() async {
        await connect(failed.keys.sorted())
    }

    private func connect(_ places: [Int]) async {
        let outcomes = await withTaskGroup(of: (Int, MCPServerUnusable?).self) { tasks in
            for place in places {
                tasks.addTask { [client = clients[place]] in (place, await MCPServerGroup.failure(of: client)) }
            }
            var outcomes: [(Int, MCPServerUnusable?)] = []
            for await outcome in tasks { outcomes.append(outcome) }
            return outcomes
        }
        for (place, failure) in outcomes {
            failed[place] = failure
            if let failure { logger.warning("a tool server is left out", metadata: ["server": "\(failure.server)", "error": "\(failure.cause)"]) }
        }
    }

    private static func failure(of client: MCPClient) async -> MCPServerUnusable? {
        do {
            try await client.connect()
            return nil
        } catch {
            let server = await client.server
            let name = server.name ?? server.transport.label
            return MCPServerUnusable(server: name, cause: error as? MCPError ?? .unreachable("\(error)"))
        }
    }
}
