import AgentRuntime
import Persistence

/// What people decide about calls that wait for them.
extension ChatService {
    /// Stores a decision; the run goes on once everything that it asked is decided. Throws `ChatError`.
    func decide(_ choice: ApprovalChoice, on run: String, of user: User) async throws {
        guard !supervisor.isDraining else { throw ChatError.overloaded }
        let outcome = try await runs.decide(choice, on: run, owner: user.id, by: instance, activeLimit: limits.runsPerUser) { call in
            try check(choice, about: call)
        }
        switch outcome {
        case .resumed(let run, let log): _ = try await resume(run, log, for: user)
        case .waiting, .repeated: return
        case .runNotFound: throw ChatError.notFound
        case .notWaiting(let state): throw ChatError.notWaiting(state)
        case .unknownCall: throw ChatError.invalid(field: "call_id", sentence: "is not the id of a call that waits for a decision.")
        case .decidedOtherwise: throw ChatError.decidedOtherwise
        case .tooManyActive: throw ChatError.tooManyRuns
        }
    }

    private func check(_ choice: ApprovalChoice, about call: Interruption) throws(ChatError) {
        guard let arguments = choice.arguments else { return }
        if call.isHosted { throw .invalid(field: "arguments", sentence: "cannot be edited: the call is the model provider's own.") }
        if let fault = agent.fault(inArguments: arguments, of: call) { throw .invalid(field: "arguments", sentence: "do not fit: \(fault)") }
    }
}
