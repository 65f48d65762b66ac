extension AgentGraph {
    /// https://graphviz.org/doc/info/lang.html
    public var dot: String {
        let nodes = nodes.enumerated().map { place, node in "    n\(place) [label = \(node.label), \(node.kind.dot)];" }
        let edges = edges.map { "    n\($0.from) -> n\($0.to)\($0.kind.dot);" }
        return (["digraph agents {", "    rankdir = LR;"] + nodes + edges + ["}"]).joined(separator: "\n")
    }
}

extension AgentGraph.Node {
    fileprivate var label: String {
        "\"" + lines.map(AgentGraph.Node.escaped).joined(separator: "\\n") + "\""
    }

    /// A backslash would begin one of the escapes of labels: https://graphviz.org/docs/attr-types/escString/
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.properties.generalCategory == .control: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension AgentGraph.Node.Kind {
    fileprivate var dot: String {
        switch self {
        case .start: "shape = circle"
        case .agent: "shape = box"
        case .tools: "shape = ellipse"
        case .server: "shape = component"
        case .hosted: "shape = hexagon"
        }
    }
}

extension AgentGraph.Edge.Kind {
    fileprivate var dot: String {
        switch self {
        case .begins, .uses: ""
        case .calls: " [label = \"calls\"]"
        case .handsOver: " [style = dashed, label = \"hands over\"]"
        }
    }
}
