/// A prompt that a server offers: https://modelcontextprotocol.io/specification/2025-06-18/server/prompts
public struct MCPPrompt: Sendable, Hashable {
    public let name: String
    public let description: String
    public let arguments: [Argument]

    public struct Argument: Sendable, Hashable {
        public let name: String
        public let isRequired: Bool

        public init(name: String, isRequired: Bool) {
            self.name = name
            self.isRequired = isRequired
        }
    }

    init(_ json: JSONValue) throws(MCPError) {
        guard let name = json["name"]?.string else { throw .malformed("it lists a prompt without a name") }
        self.name = name
        description = json["description"]?.string ?? ""
        arguments = (json["arguments"]?.array ?? []).compactMap { argument in
            argument["name"]?.string.map { Argument(name: $0, isRequired: argument["required"]?.bool ?? false) }
        }
    }
}

extension MCPClient {
    public func listPrompts() async throws -> [MCPPrompt] {
        try await pages(of: "prompts/list", "prompts").map { try MCPPrompt($0) }
    }

    /// The messages of a prompt, as the input of a run.
    public func prompt(_ name: String, arguments: [String: String] = [:]) async throws -> [Item] {
        var retries = server.retries
        let params: JSONValue = ["name": .string(name), "arguments": .object(arguments.mapValues(JSONValue.string))]
        let result = try await request("prompts/get", params, within: server.listTimeout, retries: &retries)
        guard let messages = result["messages"]?.array else { throw MCPError.malformed("its prompt has no messages") }
        return messages.map { message in
            let text = message["content"]?["text"]?.string ?? message["content"]?.text ?? ""
            return message["role"] == "assistant" ? .assistant(text) : .user(text)
        }
    }
}
