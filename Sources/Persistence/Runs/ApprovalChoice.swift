public import AgentRuntime

/// What a person says to a call that waits for them.
public struct ApprovalChoice: Sendable, Hashable {
    /// As `Interruption.qualifiedID`.
    public var callID: String
    public var verdict: ApprovalDecision.Verdict
    /// In place of the model's; of an approval only.
    public var arguments: String?
    /// Whether it holds for later calls of the tool by the agent.
    public var always: Bool
    /// What the model reads; of a rejection only.
    public var message: String?

    public init(callID: String, verdict: ApprovalDecision.Verdict, arguments: String? = nil, always: Bool = false, message: String? = nil) {
        self.callID = callID
        self.verdict = verdict
        self.arguments = arguments
        self.always = always
        self.message = message
    }

    /// The decision that this is about the call.
    func decision(about call: Interruption) -> ApprovalDecision {
        switch verdict {
        case .approve: call.approve(arguments: arguments, always: always)
        case .reject: call.reject(message: message, always: always)
        }
    }
}

/// What became of a person's choice.
public enum ApprovalOutcome: Sendable {
    /// The decision is stored, and the run is the caller's to go on with on this log.
    case resumed(Run, DatabaseRunLog)
    /// The decision is stored; the run still waits for others.
    case waiting(Run)
    /// The same was decided before.
    case repeated(Run)
    /// Not there, or somebody else's: the same answer.
    case runNotFound
    /// The run asks nothing.
    case notWaiting(RunState)
    /// The run asks, but not about a call of this id.
    case unknownCall
    /// The call was decided otherwise before.
    case decidedOtherwise
    /// The owner has as many runs under way as they may.
    case tooManyActive
}
