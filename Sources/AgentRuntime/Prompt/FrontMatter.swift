import Yams

/// The YAML mapping at the head of a prompt file, read field by field, each mistake with its line.
struct FrontMatter {
    private let fields: Node.Mapping
    private let path: String

    static let keys = [
        "name", "model", "tools", "handoffs", "handoff_description", "guardrails", "settings", "tool_use_behavior", "max_turns", "starters",
        "output_schema", "needs_approval", "agents", "reset_tool_choice", "budget", "error_handlers", "tool_errors",
    ]

    init(yaml: String, path: String) throws {
        do {
            let node = try Yams.compose(yaml: yaml) ?? Node([:])
            try self.init(node, of: "the front matter", keys: FrontMatter.keys, path: path)
        } catch let error as YamlError {
            throw PromptError(file: path, line: error.line, "the front matter is not valid YAML.")
        }
    }

    private init(_ node: Node, of what: String, keys: [String], path: String) throws {
        guard case .mapping(let fields) = node else {
            throw PromptError(file: path, line: node.mark?.line, "\(what) must be a mapping of keys to values.")
        }
        for key in fields.keys where !keys.contains(key.string ?? "") {
            throw PromptError(
                file: path, line: key.mark?.line, "unknown key '\(key.string ?? "")' in \(what). Known: \(keys.joined(separator: ", ")).")
        }
        self.fields = fields
        self.path = path
    }

    func section(_ key: String, keys: [String]) throws -> FrontMatter? {
        try fields[key].map { try FrontMatter($0, of: key, keys: keys, path: path) }
    }

    func text(_ key: String) throws -> String? {
        try fields[key].map { node in
            guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw mistake(node, key, "a text") }
            return scalar.string
        }
    }

    func names(_ key: String) throws -> [PromptFile.Entry] {
        guard let node = fields[key] else { return [] }
        guard case .sequence(let nodes) = node else { throw mistake(node, key, "a list of names") }
        return try nodes.map { element in
            guard case .scalar(let scalar) = element, !scalar.string.isEmpty else { throw mistake(element, key, "a list of names") }
            return PromptFile.Entry(name: scalar.string, line: element.mark?.line)
        }
    }

    func number(_ key: String) throws -> Double? {
        try fields[key].map { node in
            guard let number = node.float, number.isFinite else { throw mistake(node, key, "a number") }
            return number
        }
    }

    func positive(_ key: String) throws -> Int? {
        try fields[key].map { node in
            guard let number = node.int, number > 0 else { throw mistake(node, key, "a whole number from 1 up") }
            return number
        }
    }

    func count(_ key: String) throws -> Int? {
        try fields[key].map { node in
            guard let number = node.int, number >= 0 else { throw mistake(node, key, "a whole number from 0 up") }
            return number
        }
    }

    /// At most a day.
    func seconds(_ key: String) throws -> Duration? {
        try fields[key].map { node in
            guard let number = node.float, (0...86_400).contains(number) else { throw mistake(node, key, "a number of seconds") }
            return .seconds(number)
        }
    }

    func list(_ key: String) throws -> [String]? {
        try fields[key].map { _ in try names(key).map(\.name) }
    }

    func object(_ key: String) throws -> [String: JSONValue]? {
        try fields[key].map { node in
            guard let members = JSONValue(yaml: node)?.object else { throw mistake(node, key, "a mapping of keys to values") }
            return members
        }
    }

    /// Values that look like numbers or flags are texts too.
    func texts(_ key: String) throws -> [String: String]? {
        try fields[key].map { node in
            guard case .mapping(let mapping) = node else { throw mistake(node, key, "a mapping of keys to texts") }
            let pairs = try mapping.map { name, value in
                guard let name = name.string, case .scalar(let scalar) = value else { throw mistake(value, key, "a mapping of keys to texts") }
                return (name, scalar.string)
            }
            return Dictionary(pairs) { _, last in last }
        }
    }

    /// That what `key` holds is not as it must be.
    func mistake(_ key: String, _ expected: String) -> PromptError {
        PromptError(file: path, line: fields[key]?.mark?.line, "'\(key)' must be \(expected).")
    }

    func flag(_ key: String) throws -> Bool? {
        try fields[key].map { node in
            guard let flag = node.bool else { throw mistake(node, key, "true or false") }
            return flag
        }
    }

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

    /// The JSON value of a key; nil when it is absent.
    func json(_ key: String) throws -> JSONValue? {
        try fields[key].map { node in
            guard let value = JSONValue(yaml: node) else { throw mistake(node, key, "a value that JSON has") }
            return value
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

    func mistake(at key: String, _ expected: String) -> PromptError {
        PromptError(file: path, line: fields[key]?.mark?.line, "'\(key)' must be \(expected).")
    }

    private func mistake(_ node: Node, _ key: String, _ expected: String) -> PromptError {
        PromptError(file: path, line: node.mark?.line, "'\(key)' must be \(expected).")
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }
}
