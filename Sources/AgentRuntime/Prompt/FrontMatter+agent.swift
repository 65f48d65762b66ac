import Yams

extension FrontMatter {
    func outputType() throws -> OutputType? {
        try fields["output_schema"].map { node in
            guard let schema = JSONValue(yaml: node) else { throw mistake(node, "output_schema", "a JSON Schema") }
            do {
                return try OutputType.json(schema)
            } catch {
                throw PromptError(file: path, line: node.mark?.line, "'output_schema' cannot be used: \(error).")
            }
        }
    }

    func toolUseBehavior() throws -> ToolUseBehavior {
        guard let node = fields["tool_use_behavior"] else { return .runModelAgain }
        switch node.string {
        case "run_llm_again": return .runModelAgain
        case "stop_on_first_tool": return .stopOnFirstTool
        case nil:
            let section = try FrontMatter(node, of: "tool_use_behavior", keys: ["stop_at_tool_names"], path: path)
            return .stopAtTools(try section.names("stop_at_tool_names").map(\.name))
        default: throw mistake(node, "tool_use_behavior", "run_llm_again, stop_on_first_tool, or {stop_at_tool_names: [...]}")
        }
    }

    func holdBack() throws -> HoldBack? {
        try fields["hold_back"].map { node in
            switch node.string {
            case "sentence": return .sentence
            case "done": return .untilDone
            default:
                guard let limit = node.int, limit > 0 else { throw mistake(node, "hold_back", "sentence, done, or a number of characters") }
                return .characters(limit)
            }
        }
    }

    /// One name, or several in the order in which they are tried.
    func models(_ key: String) throws -> [PromptFile.Entry] {
        guard let node = fields[key], case .scalar(let scalar) = node else { return try names(key) }
        guard !scalar.string.isEmpty else { throw mistake(node, key, "a name, or a list of names") }
        return [PromptFile.Entry(name: scalar.string, line: node.mark?.line)]
    }

    /// Tools that the provider carries out: each a type, or a mapping with one.
    func hostedTools() throws -> [JSONValue] {
        guard let node = fields["hosted_tools"] else { return [] }
        let expected = "a list of types such as web_search, or of mappings with a 'type'"
        guard case .sequence(let nodes) = node else { throw mistake(node, "hosted_tools", expected) }
        return try nodes.map { node in
            if case .scalar(let scalar) = node, !scalar.string.isEmpty { return ["type": .string(scalar.string)] }
            guard let json = JSONValue(yaml: node), json["type"]?.string?.isEmpty == false else { throw mistake(node, "hosted_tools", expected) }
            return json
        }
    }

    /// One of some words.
    func word<Value>(_ key: String, _ words: KeyValuePairs<String, Value>) throws -> Value? {
        try fields[key].map { node in
            guard let found = words.first(where: { $0.key == node.string }) else {
                throw mistake(node, key, words.map(\.key).joined(separator: " or "))
            }
            return found.value
        }
    }

    /// `auto`, `required`, `none`, the name of a function or the type of a hosted tool; or a tool of a hosted MCP server.
    func toolChoice() throws -> ToolChoice? {
        guard let node = fields["tool_choice"], case .mapping = node else { return try text("tool_choice").map(ToolChoice.init) }
        let section = try FrontMatter(node, of: "tool_choice", keys: ["server_label", "name"], path: path)
        guard let server = try section.text("server_label") else { throw mistake(node, "tool_choice", "a word, or a mapping with a 'server_label'") }
        return .mcp(server: server, name: try section.text("name"))
    }
}
