import AgentRuntime
import Foundation
import Synchronization

/// A small browser: it keeps cookies, and sends the page's origin.
final class HTTPClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: TransportHeaders
        let json: JSONValue
    }

    private let url: String
    private let transport: CurlTransport
    private let cookies = Mutex<[String: String]>([:])

    init(_ url: String, transport: CurlTransport = CurlTransport()) {
        self.url = url
        self.transport = transport
    }

    var cookieValues: [String] { cookies.withLock { $0.values.filter { !$0.isEmpty } } }

    func get(_ path: String) async throws -> Answer { try await answer("GET", path, nil) }
    func post(_ path: String, _ body: JSONValue? = nil) async throws -> Answer { try await answer("POST", path, body) }
    func patch(_ path: String, _ body: JSONValue) async throws -> Answer { try await answer("PATCH", path, body) }

    /// The events of a chat, read to their end.
    func chat(_ message: String, in conversation: String? = nil) async throws -> [JSONValue] {
        var body: [String: JSONValue] = ["message": .string(message), "time_zone": "Europe/Berlin"]
        if let conversation { body["conversation_id"] = .string(conversation) }
        return try await events("POST", "/api/chat", .object(body))
    }

    func events(_ method: String, _ path: String, _ body: JSONValue? = nil, upTo count: Int = .max) async throws -> [JSONValue] {
        let response = try await transport.send(request(method, path, body))
        guard response.status == 200 else { throw UnexpectedStatus(status: response.status) }
        var parser = ServerSentEventParser()
        var events: [JSONValue] = []
        for try await bytes in response.body {
            for event in try parser.receive(bytes) { events.append(try JSONValue(json: event.data)) }
            if events.count >= count { break }
        }
        return events
    }

    private func answer(_ method: String, _ path: String, _ body: JSONValue?) async throws -> Answer {
        let response = try await transport.send(request(method, path, body))
        keepCookies(of: response.headers)
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return Answer(status: response.status, headers: response.headers, json: bytes.isEmpty ? .null : try JSONValue(json: bytes))
    }

    private func request(_ method: String, _ path: String, _ body: JSONValue?) -> TransportRequest {
        var headers: TransportHeaders = ["Origin": url]
        let jar = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
        if !jar.isEmpty { headers.append(jar, for: "Cookie") }
        if body != nil { headers.append("application/json", for: "Content-Type") }
        return TransportRequest(url: url + path, method: method, headers: headers, body: body.map { Array($0.data) } ?? [])
    }

    private func keepCookies(of headers: TransportHeaders) {
        for field in headers.values(for: "Set-Cookie") {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = pair.first else { continue }
            cookies.withLock { $0[name] = pair.count == 2 && !field.contains("Max-Age=0") ? pair[1] : nil }
        }
    }
}

struct UnexpectedStatus: Error {
    let status: Int
}
