import Logging

/// One connection's conversation with the server, from the handshake on: https://modelcontextprotocol.io/specification/2025-06-18/basic/lifecycle
final class MCPSession: Sendable {
    /// Versions whose messages this client understands, the one it asks for first.
    static let versions = ["2025-06-18", "2025-11-25", "2025-03-26", "2024-11-05"]

    private let connection: MCPConnection
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let heard: @Sendable (JSONValue) async -> Void
    private let replies = MCPReplies<JSONValue>()
    /// What is sent whoever waits for it, and whether or not anybody still does.
    private let outbox: AsyncStream<JSONValue>
    private let post: AsyncStream<JSONValue>.Continuation

    /// - Parameter heard: Told of what the server says of its own accord.
    init(_ connection: MCPConnection, clock: any Clock<Duration>, logger: Logger, heard: @escaping @Sendable (JSONValue) async -> Void = { _ in }) {
        self.connection = connection
        self.clock = clock
        self.logger = logger
        self.heard = heard
        (outbox, post) = AsyncStream.makeStream()
    }

    var id: String? { connection.sessionID() }

    /// Reads what the server says until the connection ends, which fails whatever is still waited for.
    func read() async {
        var failure: any Error = MCPError.connectionLost
        do {
            for try await message in connection.incoming {
                for message in message.array ?? [message] { await receive(message) }
            }
        } catch let error as MCPError {
            failure = error
        } catch {
            logger.debug("the connection to a tool server ended", metadata: ["error": "\(error)"])
        }
        replies.fail(with: failure)
    }

    /// Sends what nobody waits for: answers to the server, and word of calls that were given up.
    func write() async {
        for await message in outbox {
            do {
                try await connection.send(message)
            } catch {
                let method = message["method"]?.string ?? "answer"
                logger.debug("a tool server could not be told", metadata: ["method": "\(method)", "error": "\(error)"])
            }
        }
    }

    /// Fails whatever is waited for, and ends `write`.
    func end() {
        replies.fail(with: MCPError.connectionLost)
        post.finish()
    }

    /// Introduces the client, and gives the name the server announces.
    func initialize(within limit: Duration) async throws -> String {
        let hello: JSONValue = [
            "protocolVersion": .string(MCPSession.versions[0]), "capabilities": [:],
            "clientInfo": ["name": "agent-runtime", "version": "1.0.0"],
        ]
        let answer = try await request("initialize", hello, within: limit, isCancellable: false)
        guard let version = answer["protocolVersion"]?.string else { throw MCPError.malformed("it names no protocol version") }
        guard MCPSession.versions.contains(version) else {
            throw MCPError.malformed("it speaks the protocol version '\(version.prefix(40))', which is unknown")
        }
        await connection.agreed(version)
        try await connection.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
        return answer["serverInfo"]?["name"]?.string ?? ""
    }

    /// Asks, and waits for the answer. The server is told of a request that is given up.
    func request(_ method: String, _ params: JSONValue, within limit: Duration?, isCancellable: Bool = true) async throws -> JSONValue {
        guard !replies.haveFailed else { throw MCPError.undelivered("the connection has ended.") }
        let id = replies.open()
        defer { replies.close(id) }
        let message: JSONValue = ["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params]
        do {
            return try await AgentRuntime.within(limit, on: clock) { [replies, connection] in
                try await withThrowingTaskGroup(of: JSONValue?.self) { group in
                    group.addTask { try await replies.value(of: id) }
                    group.addTask {
                        try await connection.send(message)
                        return nil
                    }
                    defer { group.cancelAll() }
                    while let result = try await group.next() { if let result { return result } }
                    throw MCPError.connectionLost
                }
            }
        } catch {
            let isTimeout = error is DeadlineExceeded
            if isCancellable, isTimeout || Task.isCancelled { giveUp(id, because: isTimeout ? "timed out" : "cancelled") }
            if let limit, isTimeout { throw MCPError.timedOut(limit) }
            throw error
        }
    }

    private func giveUp(_ id: Int, because reason: JSONValue) {
        post.yield(["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": .integer(id), "reason": reason]])
    }

    private func receive(_ message: JSONValue) async {
        if let method = message["method"]?.string {
            if let id = message["id"] { post.yield(answer(to: method, id)) }
            await heard(message)
        } else if let id = message["id"]?.integer {
            replies.settle(id, with: MCPSession.result(of: message))
        }
    }

    private func answer(to method: String, _ id: JSONValue) -> JSONValue {
        if method == "ping" { return ["jsonrpc": "2.0", "id": id, "result": [:]] }
        return ["jsonrpc": "2.0", "id": id, "error": ["code": -32_601, "message": "Method not found"]]
    }

    private static func result(of message: JSONValue) -> Result<JSONValue, any Error> {
        if let error = message["error"], !error.isNull {
            return .failure(MCPError.refused(code: error["code"]?.integer ?? 0, message: error["message"]?.string ?? "It gave no reason."))
        }
        guard let result = message["result"] else { return .failure(MCPError.malformed("it holds neither a result nor an error")) }
        return .success(result)
    }
}
