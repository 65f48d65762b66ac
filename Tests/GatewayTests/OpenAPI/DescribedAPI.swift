import AgentTesting
import HTTPTypes
import Testing

@testable import AgentRuntime
@testable import Gateway

/// Holds the answers that tests get against the description of the API, so that it stays complete and true.
enum DescribedAPI {
    static let document = (try? GatewayConfiguration(host: "127.0.0.1", port: 80)).map { OpenAPIDocument(of: $0).json } ?? .null

    /// Records an issue for a status, a type or a body that the description does not have. Routes that only tests have are left alone.
    static func expect(_ answer: Answer, to method: HTTPRequest.Method, _ path: String) {
        guard let operation = operation(method, path), answer.status != 404 || operation.allProblems.contains(.notFound) else { return }
        let described = document["paths"]?[operation.path]?[method.rawValue.lowercased()]?["responses"]?[String(answer.status)]
        guard let response = described.flatMap(resolved) else {
            Issue.record("\(method) \(path) answered \(answer.status), which \(operation.id) does not describe: \(answer.text.prefix(200))")
            return
        }
        let mismatch = mismatch(of: answer, with: response)
        #expect(mismatch == nil, "\(method) \(path), \(answer.status): \(mismatch ?? "") in \(answer.text.prefix(400))")
    }

    private static func operation(_ method: HTTPRequest.Method, _ path: String) -> APIOperation? {
        let parts = (path.split(separator: "?").first ?? "").split(separator: "/")
        return APIOperation.all.first { operation in
            let described = operation.path.split(separator: "/")
            return operation.method == method && described.count == parts.count
                && zip(described, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }

    private static func mismatch(of answer: Answer, with response: JSONValue) -> String? {
        guard let content = response["content"]?.object, let (type, media) = content.first else {
            return answer.text.isEmpty ? nil : "a body where none is described"
        }
        guard answer.headers[.contentType]?.hasPrefix(type) == true else { return "another type than \(type)" }
        switch type {
        case "text/event-stream": return answer.data.lazy.compactMap { Self.mismatch(of: $0, with: ChatEventSchemas.event.reference) }.first
        case "application/json", "application/problem+json": return mismatch(of: answer.json, with: media["schema"] ?? .null)
        default: return nil
        }
    }

    private static func mismatch(of value: JSONValue, with schema: JSONValue) -> String? {
        guard var root = document.object else { return "there is no description" }
        root["allOf"] = [schema]
        do {
            try SchemaCheck(root: .object(root)).check(value)
            return nil
        } catch {
            return "\(error.path): \(error.sentence)"
        }
    }

    private static func resolved(_ value: JSONValue) -> JSONValue? {
        guard let reference = value["$ref"]?.string else { return value }
        return SchemaReference.target(of: reference, in: document)
    }
}

extension Answer {
    /// The data of a stream's events.
    fileprivate var data: [JSONValue] {
        var parser = ServerSentEventParser()
        let events = (try? parser.receive(Array(text.utf8))) ?? []
        return events.compactMap { try? JSONValue(json: $0.data) }
    }
}
