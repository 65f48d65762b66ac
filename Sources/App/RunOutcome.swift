import AgentRuntime

/// What `agent run` prints at its end.
struct RunOutcome {
    private let result: Result<RunResult, any Error>

    init(_ work: () async throws -> RunResult) async {
        do { result = .success(try await work()) } catch { result = .failure(error) }
    }

    var isFailure: Bool {
        if case .failure = result { true } else { false }
    }

    var isInterrupted: Bool {
        if case .success(let result) = result { !result.interruptions.isEmpty } else { false }
    }

    var json: JSONValue {
        switch result {
        case .success(let result):
            [
                "final_output": isInterrupted ? .null : result.value ?? .string(result.output), "last_agent": .string(result.lastAgent),
                "items": .array(result.newItems.map(\.json)), "usage": result.usage.json,
                "interruptions": .array(result.interruptions.map(\.json)),
            ]
        case .failure(let error): ["error": .object(RunOutcome.members(of: error))]
        }
    }

    private static func members(of error: any Error) -> [String: JSONValue] {
        let message = JSONValue.string(String(describing: error))
        guard let error = error as? RunError else { return ["type": "user_error", "message": message] }
        var members: [String: JSONValue] = ["type": .string(error.type), "message": message]
        if case .model(let error) = error, let status = error.status { members["status"] = .integer(status) }
        return members
    }
}

extension RunError {
    /// The name by which programs know the error.
    fileprivate var type: String {
        switch self {
        case .maxTurnsExceeded: "max_turns_exceeded"
        case .modelBehavior, .invalidFinalOutput, .model(.malformed), .model(.contentFiltered), .model(.lengthLimitReached), .model(.failed):
            "model_behavior_error"
        case .modelRefusal: "model_refusal"
        case .inputGuardrailTripped: "input_guardrail_tripwire"
        case .outputGuardrailTripped: "output_guardrail_tripwire"
        case .limitReached, .budgetExceeded, .budgetUsedUp: "budget_exceeded"
        case .model(.http), .model(.conversationLocked): "model_http_error"
        case .model(.transport), .model(.interrupted), .model(.circuitOpen): "transport_error"
        case .user: "user_error"
        case .toolGuardrailTripped, .toolTimedOut, .failed: "tool_error"
        case .recorded(let failure): failure.code.errorType
        }
    }
}

extension RunFailure.Code {
    /// The nearest of those names, where only the log tells how a run failed.
    fileprivate var errorType: String {
        switch self {
        case .modelBusy: "model_http_error"
        case .modelUnavailable, .modelTimeout: "transport_error"
        case .modelRefused: "model_refusal"
        case .contentFiltered: "output_guardrail_tripwire"
        case .modelMisbehaved: "model_behavior_error"
        case .limitReached, .budgetExceeded: "budget_exceeded"
        case .interrupted, .internal: "tool_error"
        }
    }
}
