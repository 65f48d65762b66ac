import AgentRuntime
import Logging
import Synchronization

/// A server in memory: each request is answered by what the test says, each connection counted.
final class ScriptedMCPServer: MCPTransport {
    enum Answer: Sendable {
        case result(JSONValue)
        case error(code: Int, String)
        /// Never comes.
        case silence
        /// The connection ends instead.
        case hangUp
        /// The message does not reach the server.
        case undelivered
        /// The request is cancelled, and not by whoever made it.
        case cancelled
    }

    private struct State {
        var connections = 0
        var closed = 0
        var received: [JSONValue] = []
        var speaking: AsyncThrowingStream<JSONValue, any Error>.Continuation?
        var watchers: [(@Sendable (JSONValue) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let hello: JSONValue
    private let answer: @Sendable (_ method: String, _ params: JSONValue, _ connection: Int) -> Answer

    init(
        hello: JSONValue = ["protocolVersion": "2025-06-18", "capabilities": [:], "serverInfo": ["name": "weather", "version": "1"]],
        answer: @escaping @Sendable (_ method: String, _ params: JSONValue, _ connection: Int) -> Answer
    ) {
        self.hello = hello
        self.answer = answer
    }

    /// A server that does not even greet.
    convenience init(isSilent: Bool) {
        self.init(hello: .null) { _, _, _ in .silence }
    }

    let label = "scripted"

    var connections: Int { state.withLock { $0.connections } }
    var closed: Int { state.withLock { $0.closed } }
    var received: [JSONValue] { state.withLock { $0.received } }

    func count(of method: String) -> Int { received.count { $0["method"]?.string == method } }

    /// Says something that was not asked for.
    func say(_ message: JSONValue) { state.withLock { $0.speaking }?.yield(message) }

    /// Ends the connection.
    func hangUp() { state.withLock { $0.speaking }?.finish() }

    /// Returns once a message like that has come.
    func received(_ isIt: @escaping @Sendable (JSONValue) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.received.contains(where: isIt) { return true }
                state.watchers.append((isIt, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func withConnection(logger: Logger, _ body: @escaping @Sendable (MCPConnection) async throws -> Void) async throws {
        let (incoming, speaking) = AsyncThrowingStream<JSONValue, any Error>.makeStream()
        let number = state.withLock { state in
            state.connections += 1
            state.speaking = speaking
            return state.connections
        }
        defer { state.withLock { $0.closed += 1 } }
        try await body(MCPConnection(incoming: incoming) { [self] message in try take(message, number, speaking) })
    }

    private func take(_ message: JSONValue, _ number: Int, _ speaking: AsyncThrowingStream<JSONValue, any Error>.Continuation) throws {
        guard let method = message["method"]?.string, let id = message["id"] else { return note(message) }
        let answer = method == "initialize" && !hello.isNull ? Answer.result(hello) : answer(method, message["params"] ?? .null, number)
        if case .undelivered = answer { throw MCPError.undelivered("the test says so.") }
        note(message)
        if case .cancelled = answer { throw CancellationError() }
        switch answer {
        case .result(let result): speaking.yield(["jsonrpc": "2.0", "id": id, "result": result])
        case .error(let code, let text): speaking.yield(["jsonrpc": "2.0", "id": id, "error": ["code": .integer(code), "message": .string(text)]])
        case .hangUp: speaking.finish()
        case .silence, .undelivered, .cancelled: break
        }
    }

    private func note(_ message: JSONValue) {
        let waiting = state.withLock { state in
            state.received.append(message)
            let waiting = state.watchers.filter { $0.0(message) }
            state.watchers.removeAll { $0.0(message) }
            return waiting
        }
        for watcher in waiting { watcher.1.resume() }
    }
}

/// A server with the tool `forecast`, whose calls give `result`.
func forecastServer(_ result: ScriptedMCPServer.Answer = .result(["content": [["type": "text", "text": "Rain."]]])) -> ScriptedMCPServer {
    ScriptedMCPServer { method, _, _ in method == "tools/list" ? .result(["tools": [forecastTool]]) : result }
}

let forecastTool: JSONValue = [
    "name": "forecast", "description": "Tells the weather.",
    "inputSchema": ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]],
    "annotations": ["readOnlyHint": true],
]
