import AgentRuntime
import HTTPTypes
import Testing

@testable import Gateway

/// A program of a person's: it has an API token and nothing else.
struct Program: Sendable {
    let id: String
    let token: String
    private let client: Browser

    /// - Parameter fields: Beside the name.
    init(of person: Browser, _ fields: [String: JSONValue] = [:]) async throws {
        let answer = try await person.send(.post, "/api/tokens", .object(fields.merging(["name": "Phone"]) { field, _ in field }))
        #expect(answer.status == 201, "\(answer.text)")
        id = try #require(answer.json["id"]?.string)
        token = try #require(answer.json["token"]?.string)
        client = Browser(person.client, origin: nil)
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ json: JSONValue? = nil, _ headers: HTTPFields = [:]) async throws -> Answer {
        var headers = headers
        if !headers.contains(.authorization) { headers[.authorization] = "Bearer \(token)" }
        return try await client.send(method, path, json, headers)
    }
}
