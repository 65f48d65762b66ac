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
        case .tooManyRuns:
            self = Problem(.tooManyRequests, "You have as many answers under way as you may. Wait for one, or stop it.").with(.retryAfter, "5")
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
