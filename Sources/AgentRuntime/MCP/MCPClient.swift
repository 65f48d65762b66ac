public import Logging

/// Keeps a connection to one MCP server: opens it when it is needed, and again after it was lost.
///
/// `run` owns the connection and must be under way while the other methods are used; `MCPClient.withClients` sees to that.
public actor MCPClient {
    public private(set) var server: MCPServer
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

    /// Changes the terms on which the server is used from here on; how it is reached stays.
    public func change(_ change: @Sendable (inout MCPServer) -> Void) {
        let transport = server.transport
        change(&server)
        server.transport = transport
    }

    /// Connects now instead of with the first request.
    public func connect() async throws {
        _ = try await currentSession()
    }

    /// The id that the server gave the session under way.
    public var sessionID: String? { session?.id }

    /// Forgets the list of tools, so that it is read again.
    public func invalidateToolsCache() {
        changes &+= 1
        cachedTools = nil
    }

    /// Every tool of the server, before the filter, from the latest list as long as the server announced no change.
    public func listTools() async throws -> [MCPTool] {
        if let cachedTools { return cachedTools }
        let changes = changes
        let tools = try await readTools()
        if changes == self.changes { cachedTools = tools }
        return tools
    }

    /// Calls a tool once, or as often as the server's `retries` say: else a call that may have reached the server is never repeated.
    ///
    /// - Parameters:
    ///   - meta: What goes beside the arguments, for the server and not for the tool.
    ///   - limit: Of each request; nil for no limit, where the caller keeps one by cancelling.
    public func call(
        _ tool: String,
        arguments: JSONValue,
        meta: JSONValue? = nil,
        within limit: Duration? = .seconds(5)
    ) async throws -> MCPToolResult {
        var params: [String: JSONValue] = ["name": .string(tool), "arguments": arguments]
        params["_meta"] = meta
        var retries = server.retries
        return try MCPToolResult(await request("tools/call", .object(params), within: limit, retries: &retries))
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

    /// Everything of a list, page by page; a page that failed on the server's side is asked for again, not the whole list.
    func pages(of method: String, _ key: String) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        var cursors: Set<String> = []
        var cursor: String?
        var retries = server.retries
        for _ in 0..<server.pageLimit {
            let page = try await request(method, cursor.map { ["cursor": .string($0)] } ?? [:], within: server.listTimeout, retries: &retries)
            guard let listed = page[key]?.array else { throw MCPError.malformed("its list of \(key) is no list") }
            all += listed
            cursor = page["nextCursor"]?.string
            guard let cursor else { return all }
            guard cursors.insert(cursor).inserted else { throw MCPError.malformed("its list of \(key) goes in a circle") }
        }
        throw MCPError.malformed("its list of \(key) has more than \(server.pageLimit) pages")
    }

    /// - Parameter retries: How often it may still be asked again; what is used is taken off.
    func request(_ method: String, _ params: JSONValue, within limit: Duration?, retries: inout Int) async throws -> JSONValue {
        var backoff = server.retryBackoff
        var isAlone = false
        while true {
            do {
                return isAlone ? try await requestAlone(method, params, within: limit) : try await request(method, params, within: limit)
            } catch let error as MCPError where error.isServersFault && retries > 0 {
                try Task.checkCancellation()
                retries -= 1
                try await clock.sleep(for: min(backoff, .seconds(60)), tolerance: nil)
                backoff = min(backoff * 2, .seconds(60))
                isAlone = server.transport.opensSessions
            }
        }
    }

    /// On a session of its own, so that nothing of a failed one is left.
    private func requestAlone(_ method: String, _ params: JSONValue, within limit: Duration?) async throws -> JSONValue {
        let (answers, answer) = AsyncStream<JSONValue>.makeStream()
        try await server.transport.withConnection(logger: logger) { [server, clock, logger] connection in
            let session = MCPSession(connection, clock: clock, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await session.read() }
                group.addTask { await session.write() }
                defer { group.cancelAll() }
                _ = try await session.initialize(within: server.connectTimeout)
                answer.yield(try await session.request(method, params, within: limit))
                session.end()
            }
        }
        answer.finish()
        for await answer in answers { return answer }
        throw MCPError.connectionLost
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
        let session = MCPSession(connection, clock: clock, logger: logger) { [self] in await heard($0) }
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

    private func heard(_ message: JSONValue) async {
        if message["method"] == "notifications/tools/list_changed" { invalidateToolsCache() }
        await server.onMessage?(message)
    }

    /// All pages or nothing.
    private func readTools() async throws -> [MCPTool] {
        try await pages(of: "tools/list", "tools").map { try MCPTool($0) }
    }
}
