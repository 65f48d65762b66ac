/// The places where the kill sweep (`Tests/Torture`) ends, fails or holds up a process. Compiled out of release builds.
///
/// `FAILPOINT=K7:1:kill` does to the process what the last word says when it comes to the place for the first time; see `FailpointPlan`.
/// K3, a request that the model has and has not begun to answer, is the scripted model server's.
@usableFromInline
package enum Failpoint: String, Sendable {
    /// A message was read; nothing of it is stored.
    case read = "K0"
    /// A message and its run are stored; nobody was told.
    case accepted = "K1"
    /// A run is claimed; the model was not asked.
    case claimed = "K2"
    /// Text of an unfinished answer was sent.
    case said = "K4"
    /// A whole answer of the model is written and not committed.
    case responding = "K5"
    /// The calls of an answer are stored; their tools may have begun.
    case called = "K6"
    /// A tool's change is written and not committed.
    case changing = "K7"
    /// A tool's change is committed; its result is not stored.
    case changed = "K8"
    /// The result of a call is stored; the answer has more calls.
    case answered = "K9"
    /// The result of the last call is stored; the model was not asked again.
    case allAnswered = "K10"
    /// The end of a run is written and not committed.
    case ending = "K11"
    /// The end of a run is stored; nobody was told.
    case ended = "K12"
    /// A person wants a run to stop; its end is not stored.
    case stopping = "K13"
    /// A run of a process that is gone was taken over; it does not go on yet.
    case takenOver = "K14"
    /// A conversation or an account is deleted and that is not committed.
    case deleting = "K15"

    @inlinable
    package static func reach(_ place: @autoclosure () -> Failpoint) throws {
        #if DEBUG
            try FailpointPlan.ofThisProcess?.reach(place())
        #endif
    }
}
