extension AgentGraph {
    /// https://mermaid.js.org/syntax/flowchart.html
    public var mermaid: String {
        let nodes = nodes.enumerated().map { place, node in "    n\(place)\(node.mermaid)" }
        let edges = edges.map { "    n\($0.from) \($0.kind.mermaid) n\($0.to)" }
        return (["flowchart LR"] + nodes + edges).joined(separator: "\n")
    }
}

extension AgentGraph.Node {
    fileprivate var mermaid: String {
        let label = "\"" + lines.map(AgentGraph.Node.escaped).joined(separator: "<br>") + "\""
        return switch kind {
        case .start: "((\(label)))"
        case .agent: "[\(label)]"
        case .tools: "([\(label)])"
        case .server: "[[\(label)]]"
        case .hosted: "{{\(label)}}"
        }
    }

    /// As entities, so that nothing in a name means anything: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", "_", "-", ".", ",": escaped.unicodeScalars.append(scalar)
            case _ where scalar.properties.isAlphabetic: escaped.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control: escaped += " "
            default: escaped += "#\(scalar.value);"
            }
        }
        return escaped
    }
}

extension AgentGraph.Edge.Kind {
    fileprivate var mermaid: String {
        switch self {
        case .begins, .uses: "-->"
        case .calls: "-->|calls|"
        case .handsOver: "-.->|hands over|"
        }
    }
}
