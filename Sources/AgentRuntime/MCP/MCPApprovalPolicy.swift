/// Which calls of a server's tools a person is asked about.
public enum MCPApprovalPolicy: Sendable, Hashable {
    case never
    case always
    /// By the tool's name; one that is not named is called without asking.
    case tools([String: Bool])

    /// Reads `"always"`, `"never"`, a boolean, a map of tools to one of these, or
    /// `{"always": {"tool_names": [...]}, "never": {"tool_names": [...]}}`.
    ///
    /// Throws `RunError.user` for anything else, and for a tool in both lists.
    public init(_ json: JSONValue) throws(RunError) {
        if let isAsked = MCPApprovalPolicy.word(json) {
            self = isAsked ? .always : .never
            return
        }
        guard let members = json.object else { throw MCPApprovalPolicy.refusal(json) }
        let isLists = !members.isEmpty && members.allSatisfy { ["always", "never"].contains($0.key) && $0.value.object != nil }
        self = .tools(try isLists ? MCPApprovalPolicy.lists(members) : MCPApprovalPolicy.map(members))
    }

    func needsApproval(of tool: String) -> Bool {
        switch self {
        case .never: false
        case .always: true
        case .tools(let tools): tools[tool] ?? false
        }
    }

    private static func word(_ json: JSONValue) -> Bool? {
        switch json {
        case "always", true: true
        case "never", false: false
        default: nil
        }
    }

    private static func map(_ members: [String: JSONValue]) throws(RunError) -> [String: Bool] {
        var tools: [String: Bool] = [:]
        for (tool, value) in members {
            guard let isAsked = word(value) else { throw refusal(value) }
            tools[tool] = isAsked
        }
        return tools
    }

    private static func lists(_ members: [String: JSONValue]) throws(RunError) -> [String: Bool] {
        var tools: [String: Bool] = [:]
        for (list, value) in members {
            guard let names = value["tool_names"]?.array, value.object?.count == 1 else { throw refusal(value) }
            for name in names {
                guard let name = name.string else { throw refusal(value) }
                guard tools.updateValue(list == "always", forKey: name) == nil else {
                    throw .user("The approval policy names the tool '\(name)' twice.")
                }
            }
        }
        return tools
    }

    private static func refusal(_ json: JSONValue) -> RunError {
        .user("An approval policy is always, never, a map of tools to these, or lists of tool names; not \(json.text.prefix(100)).")
    }
}
