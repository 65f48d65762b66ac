import Yams

/// That an agent hands over to, or calls, that of another prompt file: its name alone, or a mapping that says more.
public struct PromptLink: Sendable, Hashable {
    /// The other prompt file.
    public let file: PromptFile.Entry
    /// What the model calls it; nil for what is made of the other agent's name.
    let toolName: String?
    let toolDescription: String?
    /// Of a handoff: whether the other agent sees messages alone, without calls and their outputs.
    let removesTools: Bool
    /// Of a call: the turns that the other agent may take.
    let maxTurns: Int?

    public var name: String { file.name }
    public var line: Int? { file.line }

    fileprivate init(name node: Node, _ key: String, in fields: FrontMatter) throws {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw fields.mistake(node, key, "a list of names") }
        file = PromptFile.Entry(name: scalar.string, line: node.mark?.line)
        (toolName, toolDescription, removesTools, maxTurns) = (nil, nil, false, nil)
    }

    /// The keys of a handoff are those of the Agents SDK's `handoff`, those of a call those of its `as_tool`.
    fileprivate init(_ node: Node, _ key: String, in fields: FrontMatter) throws {
        let isHandoff = key == "handoffs"
        let (nameKey, descriptionKey) = isHandoff ? ("tool_name_override", "tool_description_override") : ("tool_name", "tool_description")
        let keys = ["agent", nameKey, descriptionKey, isHandoff ? "input_filter" : "max_turns"]
        let section = try FrontMatter(node, of: key, keys: keys, path: fields.path)
        guard let name = try section.text("agent") else {
            throw PromptError(file: fields.path, line: node.mark?.line, "'\(key)' needs an 'agent' here: the name of a prompt file.")
        }
        file = PromptFile.Entry(name: name, line: section.line(of: "agent"))
        toolName = try section.text(nameKey)
        guard toolName?.unicodeScalars.allSatisfy({ $0.isFunctionNameLetter || $0 == "-" }) ?? true else {
            throw section.mistake(nameKey, "a function's name: letters, digits, _ and -")
        }
        toolDescription = try section.text(descriptionKey)
        removesTools = try isHandoff && section.word("input_filter", ["remove_all_tools": true]) ?? false
        maxTurns = try isHandoff ? nil : section.positive("max_turns")
    }

    func handoff<Context>(to target: PromptFile, _ agent: @escaping @Sendable () -> Agent<Context>) -> Handoff<Context> {
        var handoff = Handoff(toAgentNamed: target.name, description: target.handoffDescription, target: agent)
        handoff.toolName = toolName ?? handoff.toolName
        handoff.toolDescription = toolDescription ?? handoff.toolDescription
        if removesTools { handoff.inputFilter = { input, _ in input.removingAllTools() } }
        return handoff
    }

    func tool<Context>(of agent: Agent<Context>) -> AnyTool<Context> {
        let description = toolDescription ?? agent.handoffDescription ?? "Asks the agent \(agent.name)."
        return agent.asTool(name: toolName, description: description, maxTurns: maxTurns)
    }
}

extension FrontMatter {
    func links(_ key: String) throws -> [PromptLink] {
        guard let node = fields[key] else { return [] }
        guard case .sequence(let nodes) = node else { throw mistake(node, key, "a list of names") }
        return try nodes.map { node in
            if case .mapping = node { try PromptLink(node, key, in: self) } else { try PromptLink(name: node, key, in: self) }
        }
    }
}
