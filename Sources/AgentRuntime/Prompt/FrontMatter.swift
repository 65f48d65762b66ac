import Yams

/// The YAML mapping at the head of a prompt file, read field by field, each mistake with its line.
struct FrontMatter {
    let fields: Node.Mapping
    let path: String
    /// Where the mapping begins.
    let line: Int?

    /// Where a key is named in the Agents SDK it is named so here.
    static let keys = [
        "name", "model", "prompt", "tools", "hosted_tools", "mcp_servers", "handoffs", "handoff_description", "nest_handoff_history", "agents",
        "guardrails", "settings", "output_schema", "tool_use_behavior", "reset_tool_choice", "needs_approval", "max_turns", "budget",
        "compaction", "error_handlers", "tool_errors", "tool_not_found_behavior", "tool_name_collision_policy",
        "output_guardrail_blocked_message", "reasoning_item_id_policy", "starters",
    ]

    /// - Parameter what: What the mapping is called in mistakes.
    init(yaml: String, of what: String = "the front matter", keys: [String] = FrontMatter.keys, path: String) throws {
        do {
            let node = try Yams.compose(yaml: yaml) ?? Node([:])
            try self.init(node, of: what, keys: keys, path: path)
        } catch let error as YamlError {
            throw PromptError(file: path, line: error.line, "\(what) is not valid YAML\(error.reason).")
        }
    }

    init(_ node: Node, of what: String, keys: [String], path: String) throws {
        guard case .mapping(let fields) = node else {
            throw PromptError(file: path, line: node.mark?.line, "\(what) must be a mapping of keys to values.")
        }
        for key in fields.keys where !keys.contains(key.string ?? "") {
            let name = key.string ?? ""
            throw PromptError(file: path, line: key.mark?.line, "unknown key '\(name)' in \(what). \(NearestName.hint(for: name, known: keys))")
        }
        self.fields = fields
        self.path = path
        line = node.mark?.line
    }

    func line(of key: String) -> Int? { fields[key]?.mark?.line }

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

    /// The JSON value of a key; nil when it is absent.
    func json(_ key: String) throws -> JSONValue? {
        try fields[key].map { node in
            guard let value = JSONValue(yaml: node) else { throw mistake(node, key, "a value that JSON has") }
            return value
        }
    }

    func mistake(_ node: Node, _ key: String, _ expected: String) -> PromptError {
        PromptError(file: path, line: node.mark?.line, "'\(key)' must be \(expected).")
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): ": \(problem)"
        case .duplicatedKeysInMapping(let names, _): ": \(names.sorted().map { "'\($0)'" }.joined(separator: ", ")) is there twice"
        default: ""
        }
    }
}
