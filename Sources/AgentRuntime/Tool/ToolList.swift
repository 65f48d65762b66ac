/// Which tools there are, by where they come from: for people who write prompt files.
public struct ToolList<Context: Sendable>: Sendable {
    private struct Source: Sendable {
        var id: String
        /// Nil for a server.
        var version: String?
        var tools: [AnyTool<Context>]
    }

    private let sources: [Source]

    public init(modules: [any ToolModule<Context>], servers: [ToolSource<Context>] = []) {
        sources =
            modules.map { Source(id: type(of: $0).id, version: type(of: $0).version, tools: $0.tools) }
            + servers.map { Source(id: $0.name, version: nil, tools: $0.tools) }
    }

    /// A line a source and a line a tool.
    public var text: String {
        sources.flatMap { source in
            ["\(source.id) \(source.version ?? "(server)")"] + source.tools.map(\.line)
        }.joined(separator: "\n")
    }

    /// With the schemas that a model sees.
    public var json: JSONValue {
        .array(
            sources.map { source in
                var members: [String: JSONValue] = ["id": .string(source.id), "tools": .array(source.tools.map(\.json))]
                members["version"] = source.version.map(JSONValue.string)
                return .object(members)
            })
    }
}

extension AnyTool {
    /// The description is somebody's text: it stays on its line.
    fileprivate var line: String {
        let words = definition.description.unicodeScalars.split { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
        return "  \(name)  [\(policy.effect.rawValue)\(asks)]  \(words.map { String($0) }.joined(separator: " "))"
    }

    private var asks: String { needsApproval.isNever ? "" : ", asks" }

    fileprivate var json: JSONValue {
        [
            "name": .string(name), "description": .string(definition.description), "effect": .string(policy.effect.rawValue),
            "needs_approval": .bool(!needsApproval.isNever), "parameters": definition.parameters,
        ]
    }
}
