/// What became of a message.
public enum RunAcceptance: Sendable {
    /// The run is stored, with its message, and is the caller's to perform on this log.
    case accepted(Run, DatabaseRunLog)
    /// The same request again: its run, which somebody performs or has performed.
    case existing(Run)
    /// The idempotency key was used for another request.
    case keyMismatch
    /// Not there, or somebody else's: the same answer.
    case conversationNotFound
    /// The conversation has no such run to replace.
    case replacedNotFound
    /// The run to be replaced was replaced before.
    case superseded
    /// The conversation has an active run.
    case busy(run: String)
    /// The owner has as many runs under way as they may.
    case tooManyActive
}
