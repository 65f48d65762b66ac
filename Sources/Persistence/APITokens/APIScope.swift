/// What an API token may be used for.
public enum APIScope: String, Sendable, Hashable, CaseIterable, Codable {
    /// Conversations and their runs. The assistant acts for the person, so this reaches all that its tools reach.
    case chat
    case readTodos = "todos:read"
    case writeTodos = "todos:write"
}

extension Set<APIScope> {
    /// As they are stored and shown: in the order of their declaration.
    public var names: [String] {
        APIScope.allCases.filter(contains).map(\.rawValue)
    }

    var text: String { names.joined(separator: " ") }

    /// A name that this program does not know permits nothing.
    init(text: String) {
        self.init(text.split(separator: " ").compactMap { APIScope(rawValue: String($0)) })
    }
}
