public import Logging

/// Keeps a connection to one MCP server: opens it when it is needed, and again after it was lost.
///
/// `run` owns the connection and must be under way while the other methods are used; `MCPClient.withClients` sees to that.
public actor MCPClient {
    public nonisolated let server: MCPServer
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let opened = MCPReplies<MCPSession>()
    private let demands: AsyncStream<Void>
    private let demand: AsyncStream<Void>.Continuation
    private let stopped = MCPReplies<Void>()
    private let ended = MCPReplies<Void>()

    private var session: MCPSession?
    private var announcedName = ""
    private var cachedTools: [MCPTool]?
    /// Counts the server's changes of its tools, so that a list that was read meanwhile is not kept.
    private var changes = 0
    private var isRunning = false
    private var isClosed = false
    /// Whether the connection under way came to its handshake's end; until then its failure is that of whoever waits for it.
    private var wasOpened = false

    public init(_ server: MCPServer, clock: any Clock<Duration> = ContinuousClock(), logger: Logger = Logger(label: "agent.mcp")) {
        self.server = server
        self.clock = clock
        self.logger = logger
        (demands, demand) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The configured name, else the one that the server announced when it was connected.
    public var name: String { server.name ?? announcedName }

    /// Connects now instead of with the first request.
    public func connect() async throws {
        _ = try await currentSession()
    }

    /// Every tool of the server, before the filter, from the latest list as long as the server announced no change.
    public func listTools() async throws -> [MCPTool] {
        if let cachedTools { return cachedTools }
        let changes = changes
        let tools = try await readTools()
        if changes == self.changes { cachedTools = tools }
        return tools
    }

    /// Calls a tool once: a call that may have reached the server is never repeated.
    ///
    /// - Parameter limit: nil for no limit, where the caller keeps one by cancelling.
    public func call(_ tool: String, arguments: JSONValue, within limit: Duration? = .seconds(5)) async throws -> MCPToolResult {
        let params: JSONValue = ["name": .string(tool), "arguments": arguments]
        return try MCPToolResult(await request("tools/call", params, within: limit))
    }

    /// Keeps the connection until `close`, or until the task is cancelled.
    public func run() async {
        isRunning = true
        for await _ in demands where !isClosed && opened.areAwaited {
            wasOpened = false
            do {
                try await server.transport.withConnection(logger: logger) { [self] in try await keep($0) }
                lost(MCPError.connectionLost)
            } catch {
                lost(error)
            }
        }
        isClosed = true
        lost(MCPError.closed)
        opened.fail(with: MCPError.closed)
        ended.fail(with: MCPError.closed)
    }

    /// Ends the connection, and with it a server that was started for it. Returns when `run` has.
    public func close() async {
        isClosed = true
        demand.finish()
        stopped.fail(with: MCPError.closed)
        if isRunning { _ = try? await ended.value(of: ended.open()) }
    }

    private func request(_ method: String, _ params: JSONValue, within limit: Duration?) async throws -> JSONValue {
        let session = try await currentSession()
        do {
            return try await session.request(method, params, within: limit)
        } catch MCPError.undelivered {
            forget(session)
            return try await currentSession().request(method, params, within: limit)
        }
    }

    private func currentSession() async throws -> MCPSession {
        if let session { return session }
        guard !isClosed else { throw MCPError.closed }
        let id = opened.open()
        demand.yield()
        return try await opened.value(of: id)
    }

    private func keep(_ connection: MCPConnection) async throws {
        let session = MCPSession(connection, clock: clock, logger: logger) { [self] in await toolsChanged() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await session.read() }
            group.addTask { [stopped] in try? await stopped.value(of: stopped.open()) }
            group.addTask {
                try await self.open(session)
                await session.write()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func open(_ session: MCPSession) async throws {
        announcedName = try await session.initialize(within: server.connectTimeout)
        self.session = session
        wasOpened = true
        opened.settleAll(with: .success(session))
    }

    private func forget(_ session: MCPSession) {
        guard self.session === session else { return }
        self.session = nil
        session.end()
    }

    private func lost(_ error: any Error) {
        session = nil
        cachedTools = nil
        guard !wasOpened || isClosed else { return }
        let reason = error as? MCPError ?? (error is CancellationError ? .closed : .unreachable("\(error)"))
        opened.settleAll(with: .failure(isClosed ? MCPError.closed : reason))
    }

    private func toolsChanged() {
        changes &+= 1
        cachedTools = nil
    }

    /// All pages; a page that was not delivered is asked for again, not the whole list.
    private func readTools() async throws -> [MCPTool] {
        var tools: [MCPTool] = []
        var cursors: Set<String> = []
        var cursor: String?
        for _ in 0..<server.pageLimit {
            let page = try await request("tools/list", cursor.map { ["cursor": .string($0)] } ?? [:], within: server.listTimeout)
            guard let listed = page["tools"]?.array else { throw MCPError.malformed("its list of tools is no list") }
            for tool in listed { tools.append(try MCPTool(tool)) }
            cursor = page["nextCursor"]?.string
            guard let cursor else { return tools }
            guard cursors.insert(cursor).inserted else { throw MCPError.malformed("its list of tools goes in a circle") }
        }
        throw MCPError.malformed("its list of tools has more than \(server.pageLimit) pages")
    }
}
