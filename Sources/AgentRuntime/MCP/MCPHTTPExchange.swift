import Logging
import Synchronization

/// The requests of one session with an MCP server over HTTP.
final class MCPHTTPExchange: Sendable {
    private static let longestMessage = 16 * 1_048_576

    private struct State {
        var session: String?
        var version: String?
    }

    private let url: String
    private let transport: any Transport
    private let headers: @Sendable () async throws -> TransportHeaders
    private let received: AsyncThrowingStream<JSONValue, any Error>.Continuation
    private let state = Mutex(State())

    init(
        url: String,
        transport: any Transport,
        headers: @escaping @Sendable () async throws -> TransportHeaders,
        received: AsyncThrowingStream<JSONValue, any Error>.Continuation
    ) {
        self.url = url
        self.transport = transport
        self.headers = headers
        self.received = received
    }

    var sessionID: String? { state.withLock { $0.session } }

    /// Sent with every later request.
    func agree(on version: String) {
        state.withLock { $0.version = version }
    }

    /// Posts one message and passes on what comes back. Throws when a request's own answer does not.
    func send(_ message: JSONValue) async throws {
        let response = try await post(message)
        if let session = response.headers["Mcp-Session-Id"] { state.withLock { $0.session = $0.session ?? session } }
        try check(response)
        let awaited = message["method"] == nil ? nil : message["id"]
        guard let awaited else { return }
        guard try await read(response, until: awaited) else { throw MCPError.connectionLost }
    }

    /// Reads what the server says of its own accord, for as long as it keeps that stream; most servers need not have one.
    func listen(_ logger: Logger) async {
        do {
            let quiet = TransportDeadlines(firstByte: .seconds(86_400), betweenBytes: .seconds(86_400))
            let response = try await transport.send(request("GET", accept: "text/event-stream", deadlines: quiet))
            guard response.status == 200 else { return }
            _ = try await read(response, until: nil)
        } catch {
            logger.debug("a tool server's own stream ended", metadata: ["error": "\(error)"])
        }
    }

    /// Tells the server that its session is over.
    func end() async {
        guard state.withLock({ $0.session }) != nil else { return }
        let short = TransportDeadlines(connect: .seconds(2), firstByte: .seconds(2), betweenBytes: .seconds(2), total: .seconds(2))
        _ = try? await transport.send(request("DELETE", accept: "application/json", deadlines: short)).body.collect(upTo: 65_536)
    }

    private func post(_ message: JSONValue) async throws -> TransportResponse {
        let unhurried = TransportDeadlines(firstByte: .seconds(86_400), betweenBytes: .seconds(86_400))
        var request = try await request("POST", accept: "application/json, text/event-stream", deadlines: unhurried)
        request.headers["Content-Type"] = "application/json"
        request.body = message.bytes
        do {
            return try await transport.send(request)
        } catch let error as TransportError {
            throw MCPHTTPExchange.error(error)
        }
    }

    private func request(_ method: String, accept: String, deadlines: TransportDeadlines) async throws -> TransportRequest {
        var headers = try await headers()
        for field in MCPCallHeaders.current.fields { headers[field.name] = field.value }
        headers.propagateTrace()
        let state = state.withLock { $0 }
        headers["Accept"] = accept
        if let session = state.session { headers["Mcp-Session-Id"] = session }
        if let version = state.version { headers["MCP-Protocol-Version"] = version }
        return TransportRequest(url: url, method: method, headers: headers, deadlines: deadlines)
    }

    /// A session that the server does not know any more begins anew, with nothing done.
    private func check(_ response: TransportResponse) throws(MCPError) {
        switch response.status {
        case 200..<300: return
        case 404 where state.withLock { $0.version } != nil: throw .undelivered("its session is over.")
        case 401, 403: throw .refused(code: response.status, message: "it asks for other credentials (HTTP \(response.status)).")
        case let status: throw .refused(code: status, message: "HTTP \(status).")
        }
    }

    /// Whether the answer to `awaited` was there.
    private func read(_ response: TransportResponse, until awaited: JSONValue?) async throws -> Bool {
        do {
            guard response.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") == true else {
                let body = try await response.body.collect(upTo: MCPHTTPExchange.longestMessage)
                guard let json = try? JSONValue(json: body) else { throw MCPError.malformed("it is not JSON") }
                return pass(on: json, awaited)
            }
            var parser = ServerSentEventParser(limit: MCPHTTPExchange.longestMessage)
            for try await bytes in response.body {
                for event in try parser.receive(bytes) {
                    if let json = try? JSONValue(json: event.data), pass(on: json, awaited) { return true }
                }
            }
            return false
        } catch let error as TransportError {
            throw error == .cancelled ? CancellationError() : MCPHTTPExchange.error(error)
        }
    }

    /// Whether it was the answer to `awaited`.
    private func pass(on json: JSONValue, _ awaited: JSONValue?) -> Bool {
        received.yield(json)
        guard let awaited else { return false }
        return (json.array ?? [json]).contains { $0["id"] == awaited && $0["method"] == nil }
    }

    private static func error(_ error: TransportError) -> any Error {
        switch error {
        case .couldNotResolve: MCPError.undelivered("its name could not be resolved.")
        case .couldNotConnect, .connectTimedOut: MCPError.undelivered("it does not take connections.")
        case .tls(let reason): MCPError.undelivered("it is not trusted: \(reason).")
        case .refusedURL(let reason), .refusedRequest(let reason): MCPError.undelivered("the request was refused: \(reason).")
        case .shutDown: MCPError.undelivered("the connection pool was shut down.")
        case .cancelled: CancellationError()
        default: MCPError.connectionLost
        }
    }
}
