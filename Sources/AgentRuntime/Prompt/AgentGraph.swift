/// Which agents hand over to whom, call whom, and use what: as a picture in one of two languages.
///
/// Two agents of one name are two nodes, and no name can pass for another node: nodes are numbered. There is no node for the end of a run, since
/// every agent can end one.
public struct AgentGraph: Sendable, Hashable {
    struct Node: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case start, agent, tools, server, hosted
        }

        var kind: Kind
        /// One line each.
        var lines: [String]
    }

    struct Edge: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case begins, uses, calls, handsOver
        }

        var from: Int
        var to: Int
        var kind: Kind
    }

    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    /// The agents of a folder.
    /// - Parameter id: The file that a conversation begins with, which leaves out what it cannot reach; nil for all files.
    public init<Context>(_ library: PromptLibrary<Context>, from id: String? = nil) {
        let files = id.map { library.files.reached(from: $0) } ?? library.files
        let places = Dictionary(files.map { ($0.id, add(.agent, [$0.name])) }) { first, _ in first }
        if let start = id.flatMap({ places[$0] }) { connect(add(.start, ["start"]), to: start, .begins) }
        var sources: [String: Int] = [:]
        for file in files {
            guard let place = places[file.id] else { continue }
            for entry in file.tools {
                let source = sources[entry.name] ?? add(library.isServer(entry.name) ? .server : .tools, library.lines(of: entry.name))
                sources[entry.name] = source
                connect(place, to: source, .uses)
            }
            add(file.hostedTools, of: place)
            for link in file.agents { if let other = places[link.name] { connect(place, to: other, .calls) } }
            for link in file.handoffs { if let other = places[link.name] { connect(place, to: other, .handsOver) } }
        }
    }

    /// An agent and all that it can hand over to. Agents are the same when all that is drawn of them is.
    public init<Context>(_ agent: Agent<Context>) {
        var seen: [[String]: Int] = [:]
        let first = add(agent, &seen)
        connect(add(.start, ["start"]), to: first, .begins)
    }

    private mutating func add<Context>(_ agent: Agent<Context>, _ seen: inout [[String]: Int]) -> Int {
        let identity = [agent.name, agent.handoffDescription ?? ""] + agent.tools.map(\.name) + [""] + agent.handoffs.map(\.toolName)
        if let place = seen[identity] { return place }
        let place = add(.agent, [agent.name])
        seen[identity] = place
        for tool in agent.tools { add(tool, of: place) }
        add(agent.hostedTools, of: place)
        for handoff in agent.handoffs { connect(place, to: add(handoff.target(), &seen), .handsOver) }
        return place
    }

    private mutating func add<Context>(_ tool: AnyTool<Context>, of agent: Int) {
        switch tool.origin {
        case .mcp(let server), .hostedMCP(let server):
            let old = nodes.firstIndex { $0.kind == .server && $0.lines.first == server }
            let place = old ?? add(.server, [server])
            nodes[place].lines += nodes[place].lines.dropFirst().contains(tool.name) ? [] : [tool.name]
            if !edges.contains(where: { $0.from == agent && $0.to == place }) { connect(agent, to: place, .uses) }
        case .agent(let name): connect(agent, to: add(.agent, [name]), .calls)
        case .function:
            let old = nodes.firstIndex { $0.kind == .tools && $0.lines == [tool.name] }
            connect(agent, to: old ?? add(.tools, [tool.name]), .uses)
        }
    }

    private mutating func add(_ hostedTools: [JSONValue], of agent: Int) {
        for tool in hostedTools {
            let type = tool["type"]?.string ?? "tool"
            let lines = [type] + [tool["server_label"]?.string].compactMap(\.self)
            connect(agent, to: nodes.firstIndex { $0.kind == .hosted && $0.lines == lines } ?? add(.hosted, lines), .uses)
        }
    }

    private mutating func add(_ kind: Node.Kind, _ lines: [String]) -> Int {
        nodes.append(Node(kind: kind, lines: lines))
        return nodes.count - 1
    }

    private mutating func connect(_ from: Int, to: Int, _ kind: Edge.Kind) {
        edges.append(Edge(from: from, to: to, kind: kind))
    }
}

extension PromptLibrary {
    fileprivate func isServer(_ name: String) -> Bool {
        !parts.modules.contains { type(of: $0).id == name } && (parts.servers.contains { $0.name == name } || isDeclared(name))
    }

    /// The name of a source, and the tools in it where that is not the same.
    fileprivate func lines(of name: String) -> [String] {
        let tools = (parts.tools(named: name) ?? []).map(\.name)
        return tools == [name] ? [name] : [name] + tools
    }
}
