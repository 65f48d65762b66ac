/// Whether the model may, must or must not call tools.
public enum ToolChoice: Sendable, Hashable, Codable {
    case auto, required, none
    /// This function, or the hosted tool of this type, and no other.
    case function(String)
    /// A tool of a hosted MCP server; any of its tools when `name` is nil.
    case mcp(server: String, name: String?)

    public init(_ text: String) {
        self =
            switch text {
            case "auto": .auto
            case "required": .required
            case "none": .none
            default: .function(text)
            }
    }

    /// As it is written in a file; for a tool of a hosted MCP server the tool's name, or else the server's.
    public var text: String {
        switch self {
        case .auto: "auto"
        case .required: "required"
        case .none: "none"
        case .function(let name): name
        case .mcp(let server, let name): name ?? server
        }
    }

    private enum Key: String, CodingKey {
        case server = "server_label"
        case name
    }

    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) { self.init(text); return }
        let container = try decoder.container(keyedBy: Key.self)
        self = .mcp(server: try container.decode(String.self, forKey: .server), name: try container.decodeIfPresent(String.self, forKey: .name))
    }

    public func encode(to encoder: any Encoder) throws {
        guard case .mcp(let server, let name) = self else {
            var container = encoder.singleValueContainer()
            return try container.encode(text)
        }
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(server, forKey: .server)
        try container.encodeIfPresent(name, forKey: .name)
    }
}
