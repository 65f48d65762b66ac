/// A prompt that the provider keeps, in place of instructions or beside them: https://platform.openai.com/docs/guides/prompting
public struct HostedPrompt: Sendable, Hashable, Codable {
    public var id: String
    /// Nil for the one that the provider uses by default.
    public var version: String?
    /// What the prompt's placeholders stand for: texts, or images and files in the provider's shape.
    public var variables: [String: JSONValue]?

    public init(id: String, version: String? = nil, variables: [String: JSONValue]? = nil) {
        self.id = id
        self.version = version
        self.variables = variables
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["id": .string(id)]
        members["version"] = version.map(JSONValue.string)
        members["variables"] = variables.map(JSONValue.object)
        return .object(members)
    }
}
