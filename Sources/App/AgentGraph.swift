import AgentRuntime

/// Who hands over to whom, and what each can use.
struct AgentGraph {
    private let files: [PromptFile]

    init(_ files: [PromptFile]) {
        self.files = files
    }

    /// https://mermaid.js.org/syntax/flowchart.html
    var mermaid: String {
        var lines = ["flowchart LR"]
        for file in files {
            lines.append("    \(node(file.id))[\"\(escaped(file.name, "#quot;"))\"]")
            for tool in file.tools { lines.append("    \(node(file.id)) --> \(node("tool " + tool.name))([\"\(escaped(tool.name, "#quot;"))\"])") }
            for handoff in file.handoffs { lines.append("    \(node(file.id)) -. hands over .-> \(node(handoff.name))") }
        }
        return lines.joined(separator: "\n")
    }

    /// https://graphviz.org/doc/info/lang.html
    var dot: String {
        var lines = ["digraph agents {", "    rankdir = LR;"]
        for file in files {
            lines.append("    \"\(escaped(file.id, "\\\""))\" [label = \"\(escaped(file.name, "\\\""))\", shape = box];")
            for tool in file.tools { lines.append("    \"\(escaped(file.id, "\\\""))\" -> \"\(escaped(tool.name, "\\\""))\";") }
            for handoff in file.handoffs {
                lines.append("    \"\(escaped(file.id, "\\\""))\" -> \"\(escaped(handoff.name, "\\\""))\" [style = dashed, label = \"hands over\"];")
            }
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private func node(_ name: String) -> String {
        "n_"
            + name.utf8.map { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.properties.isAlphabetic && scalar.isASCII ? String(scalar) : String(byte, radix: 16)
            }.joined()
    }

    private func escaped(_ text: String, _ quote: String) -> String {
        text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: quote)
    }
}
