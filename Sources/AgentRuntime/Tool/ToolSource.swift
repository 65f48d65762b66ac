/// Tools under the name of where they come from, such as a server.
public struct ToolSource<Context: Sendable>: Sendable {
    public var name: String
    public var tools: [AnyTool<Context>]

    public init(name: String, tools: [AnyTool<Context>]) {
        self.name = name
        self.tools = tools
    }

    /// The tools of a connected server, under the name by which prompt files list it.
    public init(of client: MCPClient) async throws {
        self.init(name: await client.name, tools: try await client.tools())
    }

    /// A sentence naming both sources of a tool name that is there twice; nil when every name is there once.
    static func clash(in sources: [ToolSource]) -> String? {
        var names: [String: String] = [:]
        for source in sources {
            for tool in source.tools {
                guard let earlier = names.updateValue(source.name, forKey: tool.name) else { continue }
                return "the tool '\(tool.name)' comes from '\(earlier)' and from '\(source.name)'; list one."
            }
        }
        return nil
    }
}
