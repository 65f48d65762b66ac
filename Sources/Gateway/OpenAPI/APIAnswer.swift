import AgentRuntime
import HTTPTypes

/// An answer of a route that is not a problem.
struct APIAnswer: Sendable {
    let status: HTTPResponse.Status
    let summary: String
    /// The media type, and what is in it; nil for an answer without a body.
    let content: (type: String, schema: JSONValue)?
    /// The headers that clients need, with what they say.
    var headers: [String: String] = [:]
    var links: [APILink] = []

    static func json(
        _ schema: APISchema, _ summary: String, status: HTTPResponse.Status = .ok, headers: [String: String] = [:], links: [APILink] = []
    ) -> APIAnswer {
        APIAnswer(status: status, summary: summary, content: ("application/json", schema.reference), headers: headers, links: links)
    }

    static func empty(_ status: HTTPResponse.Status, _ summary: String, headers: [String: String] = [:]) -> APIAnswer {
        APIAnswer(status: status, summary: summary, content: nil, headers: headers)
    }

    static func text(_ type: String, _ summary: String) -> APIAnswer {
        APIAnswer(status: .ok, summary: summary, content: (type, APISchema.string))
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["description": .string(summary)]
        if let content { members["content"] = .object([content.type: ["schema": content.schema]]) }
        if !headers.isEmpty { members["headers"] = .object(headers.mapValues { ["description": .string($0), "schema": APISchema.string] }) }
        if !links.isEmpty { members["links"] = .object(Dictionary(links.map { ($0.operation, $0.json) }) { first, _ in first }) }
        return .object(members)
    }
}

extension [String: String] {
    /// Of answers that begin or end a session.
    static let setCookie = ["Set-Cookie": "The session's cookies; HttpOnly."]
}
