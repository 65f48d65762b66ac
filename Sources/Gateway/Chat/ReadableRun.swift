import AgentRuntime
import Persistence

/// A run from its reader's side: live in this process, or as it is stored.
enum ReadableRun: Sendable {
    case live(LiveRun)
    case stored(Run)

    var id: String {
        switch self {
        case .live(let run): run.id
        case .stored(let run): run.id
        }
    }

    var conversation: String {
        switch self {
        case .live(let run): run.conversation
        case .stored(let run): run.conversation
        }
    }

    /// Whether a reader can have been given the id of an event.
    func canHaveGivenOut(_ id: Int64) -> Bool {
        switch self {
        case .live(let run): (0...run.lastID).contains(id)
        case .stored(let run): run.canHaveGivenOut(id)
        }
    }
}
