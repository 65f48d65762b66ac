import Yams

extension JSONValue {
    /// The JSON value that a YAML node stands for; nil for what JSON has no value for.
    init?(yaml node: Node) {
        switch node {
        case .scalar(let scalar): self.init(plain: scalar.style == .plain || scalar.style == .any, node, text: scalar.string)
        case .sequence(let nodes):
            let values = nodes.map { JSONValue(yaml: $0) }
            guard !values.contains(nil) else { return nil }
            self = .array(values.compactMap(\.self))
        case .mapping(let mapping):
            var members: [String: JSONValue] = [:]
            for (key, node) in mapping {
                guard let name = key.string, let value = JSONValue(yaml: node) else { return nil }
                members[name] = value
            }
            self = .object(members)
        case .alias: return nil
        }
    }

    /// Quoted scalars are texts, whatever they look like.
    private init?(plain: Bool, _ node: Node, text: String) {
        if plain, node.null != nil {
            self = .null
        } else if plain, let flag = node.bool {
            self = .bool(flag)
        } else if plain, let integer = node.int {
            self = .integer(integer)
        } else if plain, let number = node.float {
            guard number.isFinite else { return nil }
            self = .number(number)
        } else {
            self = .string(text)
        }
    }
}
