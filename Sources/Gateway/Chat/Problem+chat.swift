import AgentRuntime
import HTTPTypes
import Persistence

extension Problem {
    init(_ error: ChatError) {
        switch error {
        case .notFound: self = .notFound
        case .invalid(let field, let sentence): self = .invalid(field, sentence)
        case .busy(let run):
            self = Problem(.conflict, "This conversation is still being answered. Follow its run, or stop it.").with("run_id", .string(run))
        case .nothingToRetry: self = Problem(.conflict, "The latest answer of this conversation cannot be gone on with. Send a message instead.")
        case .superseded: self = Problem(.conflict, "Another message stands in the place of this one. Use that one.")
        case .tooManyRuns:
            self = Problem(.tooManyRequests, "You have as many answers under way as you may. Wait for one, or stop it.").with(.retryAfter, "5")
        case .notWaiting(let state):
            self = Problem(.conflict, "This run does not wait for a decision: it is \(state.words).").with("state", .string(state.rawValue))
        case .decidedOtherwise: self = Problem(.conflict, "This call was decided otherwise before, and that decision stands.")
        case .overloaded: self = .unavailable("The server takes no new messages at this moment.", retryAfter: 5)
        case .badCursor: self.init(.malformedRequest, "Last-Event-ID must be an id that this run has given out.")
        }
    }

    init(_ error: ConversationError) {
        switch error {
        case .notFound: self = .notFound
        case .invalid(let field, let sentence): self = .invalid(field == "query" ? "q" : field, sentence)
        }
    }
}

extension RunState {
    /// As the end of a sentence.
    fileprivate var words: String {
        switch self {
        case .queued, .running: "under way"
        case .awaitingApproval: "waiting"
        case .completed: "complete"
        case .failed: "over, for it failed"
        case .stopped: "stopped"
        case .interrupted: "over, for it was interrupted"
        }
    }
}
