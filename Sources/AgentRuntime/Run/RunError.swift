/// Why a run gave no output; said to the caller of the runner.
public enum RunError: Error, Sendable, Hashable {
    case maxTurnsExceeded(Int)
    /// The model did what its interface does not allow.
    case modelBehavior(String)
    /// The final text does not fit the agent's output type.
    case invalidFinalOutput(String)
    case modelRefusal(String)
    case inputGuardrailTripped(GuardrailVerdict)
    case outputGuardrailTripped(GuardrailVerdict)
    /// A tool's guardrail, and its reason.
    case toolGuardrailTripped(String, String)
    /// A call of a tool that says so took longer than its policy allows.
    case toolTimedOut(ToolTimeout)
    /// A limit of the run other than its turns.
    case limitReached(String)
    /// The next model call could go over what the run may use.
    case budgetExceeded
    /// What somebody may use over many runs does not allow another model call; the sentence is for them.
    case budgetUsedUp(String)
    case model(ModelError)
    /// The program is put together wrongly, or a log does not belong to its agents.
    case user(String)
    /// A tool, guardrail, log or store failed in a way that the model cannot repair.
    case failed(String)
    /// The run failed when it was carried out before, and its log says no more.
    case recorded(RunFailure)
}

extension RunError {
    /// The refusal that stands for an answer of which the provider's filter left nothing.
    static let withheldByProvider = "Response withheld by the provider's content filter."
}

extension RunError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .maxTurnsExceeded(let turns): "Max turns (\(turns)) exceeded"
        case .modelBehavior(let reason): reason
        case .invalidFinalOutput(let mismatch): "The model's final output does not fit its type: \(mismatch)"
        case .modelRefusal(let reason): "The model refused: \(reason)"
        case .inputGuardrailTripped(let verdict): "The guardrail '\(verdict.guardrail)' refused the input. \(verdict.reason ?? "")"
        case .outputGuardrailTripped(let verdict): "The guardrail '\(verdict.guardrail)' withheld the answer."
        case .toolGuardrailTripped(let guardrail, let reason): "The tool guardrail '\(guardrail)' ended the run: \(reason)"
        case .toolTimedOut(let timeout): timeout.description
        case .limitReached(let limit): limit
        case .budgetExceeded: "The run's budget of tokens or money does not allow another model call."
        case .budgetUsedUp(let sentence): sentence
        case .model(let error): error.description
        case .user(let mistake): mistake
        case .failed(let cause): cause
        case .recorded(let failure): failure.message
        }
    }

    /// What the run's log and its readers get: nothing of a provider's text or a cause's details.
    public var failure: RunFailure {
        switch self {
        case .maxTurnsExceeded: RunFailure(.limitReached, "The assistant needed more steps than one answer may take.")
        case .modelBehavior, .invalidFinalOutput: RunFailure(.modelMisbehaved, "The model gave an answer that cannot be used.", retry: true)
        case .modelRefusal(RunError.withheldByProvider): ModelError.contentFiltered.failure
        case .modelRefusal: RunFailure(.modelRefused, "The model declined to answer.")
        case .inputGuardrailTripped(let verdict): RunFailure(.contentFiltered, "The message was not accepted. \(verdict.reason ?? "")")
        case .outputGuardrailTripped: RunFailure(.contentFiltered, "The answer was withheld.")
        case .toolGuardrailTripped: RunFailure(.contentFiltered, "A step of the answer was not allowed.")
        case .toolTimedOut: RunFailure(.limitReached, "A step of the answer took too long.", retry: true)
        case .limitReached(let limit): RunFailure(.limitReached, limit)
        case .budgetExceeded: RunFailure(.budgetExceeded, "The answer would cost more than it may.")
        case .budgetUsedUp(let sentence): RunFailure(.budgetExceeded, sentence)
        case .model(let error): error.failure
        case .recorded(let failure): failure
        case .user, .failed: RunFailure(.internal, "Something went wrong on the server.", retry: true)
        }
    }
}

extension ModelError {
    fileprivate var failure: RunFailure {
        switch self {
        case .http(status: 408, _, _, _), .http(status: 504, _, _, _): RunFailure(.modelTimeout, "The model took too long.", retry: true)
        case .http(status: 429, _, _, _), .http(status: 529, _, _, _), .conversationLocked, .failed(code: "rate_limit_exceeded", _):
            RunFailure(.modelBusy, "The model is busy.", retry: true)
        case .http(status: let status, _, _, _): RunFailure(.modelUnavailable, "The model cannot be reached.", retry: status >= 500)
        case .transport(let error) where error.isTimeout, .interrupted(let error) where error.isTimeout:
            RunFailure(.modelTimeout, "The model took too long.", retry: true)
        case .transport, .interrupted, .circuitOpen: RunFailure(.modelUnavailable, "The model cannot be reached.", retry: true)
        case .failed: RunFailure(.modelUnavailable, "The model failed during its answer.", retry: true)
        case .malformed: RunFailure(.modelMisbehaved, "The model gave an answer that cannot be used.", retry: true)
        case .contentFiltered: RunFailure(.contentFiltered, "The model provider withheld the answer.")
        case .lengthLimitReached: RunFailure(.modelMisbehaved, "The model's answer was cut off.", retry: true)
        }
    }
}
