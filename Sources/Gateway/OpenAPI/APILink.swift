import AgentRuntime

/// Something that can be asked for with what an answer holds: https://spec.openapis.org/oas/v3.1.1#link-object
struct APILink: Sendable {
    /// The operation's id.
    let operation: String
    let parameter: String
    /// A JSON pointer into the answer.
    let source: String

    /// - Parameter source: Of the parameter's value, as a JSON pointer into the answer.
    static func to(_ operations: String..., with parameter: String, from source: String) -> [APILink] {
        operations.map { APILink(operation: $0, parameter: parameter, source: source) }
    }

    var json: JSONValue {
        ["operationId": .string(operation), "parameters": .object([parameter: .string("$response.body#\(source)")])]
    }
}
