/// A check before a call is made, or of what came of it.
public enum ToolGuardrailVerdict: Sendable, Hashable {
    case allow
    /// The model reads this instead, and a call that was not made yet is not made.
    case reject(String)
    /// The run fails.
    case raise(String)
}

/// Looks at a call before it is made, also at one whose arguments are no JSON.
public struct ToolInputGuardrail<Context: Sendable>: Sendable {
    public var name: String
    public var check: @Sendable (_ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict

    public init(_ name: String, check: @escaping @Sendable (_ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict) {
        self.name = name
        self.check = check
    }
}

/// Looks at the result of a call before anyone else does.
public struct ToolOutputGuardrail<Context: Sendable>: Sendable {
    public var name: String
    public var check: @Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict

    public init(
        _ name: String,
        check: @escaping @Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict
    ) {
        self.name = name
        self.check = check
    }
}
