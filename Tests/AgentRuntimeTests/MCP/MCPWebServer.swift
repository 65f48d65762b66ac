import AgentRuntime
import AgentTesting
import Synchronization

/// A server behind a transport: it answers calls as event streams, everything else as JSON.
final class MCPWebServer: Transport {
    private struct State {
        var requests: [TransportRequest] = []
        var sessions = 0
        var known: Set<String> = []
        var isCutting = false
        var failures: [Int] = []
    }

    private let state = Mutex(State())

    var requests: [TransportRequest] { state.withLock { $0.requests } }
    func forgetSessions() { state.withLock { $0.known = [] } }
    /// Answers the next calls with these statuses.
    func failNextCalls(_ statuses: Int...) { state.withLock { $0.failures = statuses } }
    func cutNextStream() { state.withLock { $0.isCutting = true } }

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        if Task.isCancelled { throw TransportError.cancelled }
        state.withLock { $0.requests.append(request) }
        guard request.method == "POST" else { return TransportResponse(status: request.method == "GET" ? 405 : 200) }
        let message = request.json
        guard message["method"] != "initialize" else { return begin(message) }
        guard state.withLock({ $0.known.contains(request.headers["Mcp-Session-Id"] ?? "") }) else { return TransportResponse(status: 404) }
        guard let id = message["id"] else { return TransportResponse(status: 202) }
        if message["method"] == "tools/list" { return json(["jsonrpc": "2.0", "id": id, "result": ["tools": [forecastTool]]]) }
        let failure = state.withLock { $0.failures.isEmpty ? nil : $0.failures.removeFirst() }
        if let failure { return TransportResponse(status: failure) }
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
            state.known.insert("s\(state.sessions)")
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
