/// What an agent offers the model at one moment: everything that is enabled, each name once.
struct ToolOffer<Context: Sendable>: Sendable {
    /// The agent with its tools of the moment; of the things with one name those that are enabled, the one that is meant last.
    private(set) var agent: Agent<Context>
    /// The tools in listing order, then the handoffs.
    let definitions: [ToolDefinition]
    /// A sentence for each name that stands for two things.
    let collisions: [String]

    init(of declared: Agent<Context>, in run: RunContext<Context>) async throws {
        agent = declared
        agent.tools += try await declared.dynamicTools?(run) ?? []
        let (tools, handoffs) = try await agent.enabled(in: run)
        let toolNames = Set(tools.map { Name($0.name) })
        let handoffNames = Set(handoffs.map { Name($0.toolName) })
        agent.tools = agent.tools.filter { !toolNames.contains(Name($0.name)) } + tools
        agent.handoffs = agent.handoffs.filter { !toolNames.union(handoffNames).contains(Name($0.toolName)) } + handoffs
        let meant = tools.filter { !handoffNames.contains(Name($0.name)) }.map(\.definition) + handoffs.map(\.definition)
        definitions = meant.lastOfEachName
        collisions = ToolOffer.collisions(in: tools.map { ($0.name, $0.described) } + handoffs.map { ($0.toolName, $0.described) }, of: declared.name)
    }

    private static func collisions(in things: [(name: String, description: String)], of agent: String) -> [String] {
        var seen: [Name: String] = [:]
        return things.compactMap { name, thing in
            guard let earlier = seen.updateValue(thing, forKey: Name(name)) else { return nil }
            return "The agent '\(agent)' has two things called '\(name)': \(earlier) and \(thing == earlier ? "another" : thing)."
        }
    }
}

/// A name as a provider compares it, byte by byte.
private struct Name: Hashable {
    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }
}

extension [ToolDefinition] {
    fileprivate var lastOfEachName: [ToolDefinition] {
        var seen: Set<Name> = []
        return reversed().filter { seen.insert(Name($0.name)).inserted }.reversed()
    }
}

extension AnyTool {
    fileprivate var described: String {
        switch origin {
        case .function: "a tool of the program"
        case .mcp(let server), .hostedMCP(let server): "a tool of the server '\(server)'"
        case .agent(let name): "the agent '\(name)' as a tool"
        }
    }
}

extension Handoff {
    fileprivate var described: String { "the handoff to '\(agentName)'" }
}
