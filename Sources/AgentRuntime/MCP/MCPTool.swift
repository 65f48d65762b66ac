/// A tool as an MCP server lists it: https://modelcontextprotocol.io/specification/2025-06-18/server/tools
public struct MCPTool: Sendable, Hashable {
    public let name: String
    public let description: String
    /// The server's own schema; without `properties` it gets an empty one.
    public let inputSchema: JSONValue
    /// Whether the server says that the tool changes nothing, which nobody has checked.
    public let isReadOnly: Bool
    /// Whether the server says that a repeated call changes nothing more, which nobody has checked.
    public let isIdempotent: Bool
    /// Whether the server says that a call may take something away for good.
    public let isDestructive: Bool

    init(_ json: JSONValue) throws(MCPError) {
        guard let name = json["name"]?.string, !name.isEmpty else { throw .malformed("it lists a tool without a name") }
        guard var schema = (json["inputSchema"] ?? [:]).object else { throw .malformed("the schema of the tool '\(name.prefix(128))' is no object") }
        if schema["type"] == nil { schema["type"] = "object" }
        if schema["properties"]?.object == nil { schema["properties"] = [:] }
        self.name = name
        description = json["description"]?.string ?? json["title"]?.string ?? ""
        inputSchema = .object(schema)
        let annotations = json["annotations"]
        isReadOnly = annotations?["readOnlyHint"]?.bool ?? false
        isIdempotent = annotations?["idempotentHint"]?.bool ?? false
        isDestructive = !isReadOnly && annotations?["destructiveHint"]?.bool ?? false
    }

    /// The first required argument that is not there.
    func missingArgument(in arguments: JSONValue) -> String? {
        inputSchema["required"]?.array?.lazy.compactMap(\.string).first { arguments[$0] == nil }
    }
}
