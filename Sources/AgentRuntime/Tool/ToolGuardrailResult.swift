/// What one guardrail said about one call, as the run's log keeps it.
public struct ToolGuardrailResult: Sendable, Hashable, Codable {
    public var guardrail: String
    /// Whether it looked at the call, not at what came of it.
    public var isInput: Bool
    public var behavior: Behavior
    /// What the model read instead, or why the run failed; nil where it allowed.
    public var message: String?
    public var info: JSONValue?

    public enum Behavior: String, Sendable, Hashable, Codable {
        case allow, reject, raise
        case askApproval = "ask_approval"
    }

    init(_ guardrail: String, isInput: Bool, _ output: ToolGuardrailOutput) {
        self.guardrail = guardrail
        self.isInput = isInput
        info = output.info
        switch output.verdict {
        case .allow: behavior = .allow
        case .reject(let text): (behavior, message) = (.reject, text)
        case .raise(let reason): (behavior, message) = (.raise, reason)
        case .askApproval: behavior = .askApproval
        }
    }

    private enum CodingKeys: String, CodingKey {
        case guardrail, behavior, message, info
        case isInput = "is_input"
    }
}

/// That a tool's guardrail ended the run.
public struct ToolGuardrailTrip: Sendable, Hashable, Codable {
    public var turn: Int
    public var index: Int
    /// What the call's guardrails said; the last one raised.
    public var guardrails: [ToolGuardrailResult]

    init(of call: ToolCall, _ guardrails: [ToolGuardrailResult]) {
        turn = call.turn
        index = call.index
        self.guardrails = guardrails
    }

    var error: RunError { .toolGuardrailTripped(guardrails.last?.guardrail ?? "", guardrails.last?.message ?? "") }
}
