/// Which todos a list shows.
public enum TodoStatus: String, Sendable, Hashable, Codable, CaseIterable {
    case open, completed, all

    var condition: SQL {
        switch self {
        case .open: "completed = 0"
        case .completed: "completed = 1"
        case .all: "1 = 1"
        }
    }
}
