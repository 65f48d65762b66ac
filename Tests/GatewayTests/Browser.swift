import AgentRuntime
import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Synchronization
import Testing

@testable import Gateway

/// An answer with its JSON read.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: JSONValue { (try? JSONValue(json: text)) ?? .null }
    var cookies: [String] { headers[values: .setCookie] }
    /// The names of the fields that were refused.
    var faults: [String] { (json["errors"]?.array ?? []).compactMap { $0["path"]?.string } }
    /// The body of a problem but for the id of its request.
    var withoutInstance: JSONValue {
        var members = json.object ?? [:]
        members["instance"] = nil
        return .object(members)
    }
}

/// Sends requests as a browser's page does: with an `Origin` and the cookies that it was given.
final class Browser: Sendable {
    static let password = "seven quiet lanterns"

    let client: any TestClientProtocol
    let origin: String?
    private let jar = Mutex<[String: String]>([:])

    init(_ client: any TestClientProtocol, origin: String?) {
        self.client = client
        self.origin = origin
    }

    /// Another browser, without cookies.
    func another() -> Browser {
        Browser(client, origin: origin)
    }

    var cookies: [String: String] {
        get { jar.withLock { $0 } }
        set { jar.withLock { $0 = newValue } }
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil, _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        if json != nil { headers[.contentType] = "application/json" }
        return try await send(method, path, body: json?.text, headers)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, body: String?, _ headers: HTTPFields) async throws -> Answer {
        try await send(method, path, bytes: body.map { Array($0.utf8) }, headers)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, bytes: [UInt8]?, _ headers: HTTPFields) async throws -> Answer {
        var headers = headers
        if let origin, !headers.contains(.origin) { headers[.origin] = origin }
        let sent = cookies
        if !sent.isEmpty, !headers.contains(.cookie) {
            headers[.cookie] = sent.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        let response = try await client.executeRequest(uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) })
        keep(response.headers[values: .setCookie])
        let answer = Answer(status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        DescribedAPI.expect(answer, to: method, path)
        return answer
    }

    func register(_ name: String, password: String = password) async throws -> Answer {
        let answer = try await send(
            .post, "/api/auth/register",
            ["email": .string("\(name)@example.org"), "name": .string(name), "password": .string(password)])
        #expect(answer.status == 201, "\(answer.text)")
        return answer
    }

    func signIn(_ name: String, password: String = password) async throws -> Answer {
        try await send(.post, "/api/auth/login", ["email": .string("\(name)@example.org"), "password": .string(password)])
    }

    func status(_ method: HTTPRequest.Method = .get, _ path: String = "/api/auth/verify") async throws -> Int {
        try await send(method, path).status
    }

    private func keep(_ cookies: [String]) {
        for cookie in cookies {
            let parts = cookie.split(separator: ";").map { $0.drop { $0 == " " } }
            guard let pair = parts.first?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false), pair.count == 2 else { continue }
            let isGone = parts.contains("Max-Age=0")
            jar.withLock { $0[String(pair[0])] = isGone ? nil : String(pair[1]) }
        }
    }
}
