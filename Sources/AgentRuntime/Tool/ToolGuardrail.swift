/// A check before a call is made, or of what came of it.
public enum ToolGuardrailVerdict: Sendable, Hashable {
    case allow
    /// The model reads this instead, and a call that was not made yet is not made.
    case reject(String)
    /// The run fails.
    case raise(String)
    /// A person is asked before the call is made, also one that was approved before. Who approves it after that has the last word. Of an output
    /// it means nothing.
    case askApproval
}

/// What a tool's guardrail found.
public struct ToolGuardrailOutput: Sendable, Hashable {
    public var verdict: ToolGuardrailVerdict
    /// What else it found out, for programs that read the run.
    public var info: JSONValue?

    public init(_ verdict: ToolGuardrailVerdict, info: JSONValue? = nil) {
        self.verdict = verdict
        self.info = info
    }
}

/// Looks at a call before it is made, also at one whose arguments are no JSON.
public struct ToolInputGuardrail<Context: Sendable>: Sendable {
    public var name: String
    public var guardrailFunction: @Sendable (_ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailOutput

    public init(
        name: String,
        guardrailFunction: @escaping @Sendable (_ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailOutput
    ) {
        self.name = name
        self.guardrailFunction = guardrailFunction
    }

    public init(_ name: String, check: @escaping @Sendable (_ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict) {
        self.init(name: name) { ToolGuardrailOutput(try await check($0, $1)) }
    }
}

/// Looks at the result of a call before anyone else does.
public struct ToolOutputGuardrail<Context: Sendable>: Sendable {
    public var name: String
    public var guardrailFunction: @Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailOutput

    public init(
        name: String,
        guardrailFunction:
            @escaping @Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailOutput
    ) {
        self.name = name
        self.guardrailFunction = guardrailFunction
    }

    public init(
        _ name: String,
        check: @escaping @Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> ToolGuardrailVerdict
    ) {
        self.init(name: name) { ToolGuardrailOutput(try await check($0, $1, $2)) }
    }
}
