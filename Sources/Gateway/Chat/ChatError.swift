import Persistence

/// Why a message was not taken, or a run cannot be read.
enum ChatError: Error, Sendable, Hashable {
    /// Not there, or somebody else's: the same answer.
    case notFound
    case invalid(field: String, sentence: String)
    /// The conversation has an active run.
    case busy(run: String)
    /// The conversation's latest run ended for good, or there is none.
    case nothingToRetry
    /// The message was replaced before.
    case superseded
    case tooManyRuns
    /// The run asks nothing, for this is how it stands.
    case notWaiting(RunState)
    /// The call was decided otherwise before.
    case decidedOtherwise
    case overloaded
    /// The run cannot have given out this id.
    case badCursor
}
