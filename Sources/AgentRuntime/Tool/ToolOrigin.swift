/// Where a tool came from, for people who watch a run.
public enum ToolOrigin: Sendable, Hashable {
    /// A function of the program.
    case function
    /// A server, by its name.
    case mcp(server: String)
    /// A server that the provider reaches itself, by its label.
    case hostedMCP(server: String)
    /// An agent that runs as a tool, by its name.
    case agent(String)
}

extension ToolOrigin: Codable {
    private enum Key: String, CodingKey {
        case type, server, agent
    }

    private enum Kind: String, Codable {
        case function, mcp, agent
        case hostedMCP = "hosted_mcp"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self =
            switch try container.decode(Kind.self, forKey: .type) {
            case .function: .function
            case .mcp: .mcp(server: try container.decode(String.self, forKey: .server))
            case .hostedMCP: .hostedMCP(server: try container.decode(String.self, forKey: .server))
            case .agent: .agent(try container.decode(String.self, forKey: .agent))
            }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .function: try container.encode(Kind.function, forKey: .type)
        case .mcp(let server):
            try container.encode(Kind.mcp, forKey: .type)
            try container.encode(server, forKey: .server)
        case .hostedMCP(let server):
            try container.encode(Kind.hostedMCP, forKey: .type)
            try container.encode(server, forKey: .server)
        case .agent(let name):
            try container.encode(Kind.agent, forKey: .type)
            try container.encode(name, forKey: .agent)
        }
    }
}
