import FoundationEssentials

/// The one value by which the loop knows a tool, wherever it came from.
public struct AnyTool<Context: Sendable>: Sendable {
    public var definition: ToolDefinition
    public var policy: ToolPolicy
    /// Asked before each model call; nil for always.
    public var isEnabled: (@Sendable (RunContext<Context>) async throws -> Bool)?
    public var inputGuardrails: [ToolInputGuardrail<Context>] = []
    public var outputGuardrails: [ToolOutputGuardrail<Context>] = []
    public var needsApproval: ApprovalRule<Context> = .never
    /// Changes when the tool's meaning does; an approval holds for the version that the person was asked about.
    public var version = ""
    /// Takes the model's text for the arguments and gives what the model reads.
    public var call: @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> String

    public var name: String { definition.name }

    public init(
        definition: ToolDefinition,
        policy: ToolPolicy = ToolPolicy(),
        isEnabled: (@Sendable (RunContext<Context>) async throws -> Bool)? = nil,
        call: @escaping @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> String
    ) {
        self.definition = definition
        self.policy = policy
        self.isEnabled = isEnabled
        self.call = call
    }

    /// A tool from its type.
    public init<T: Tool>(_ type: T.Type) where T.Context == Context {
        self.init(type) { tool, run in try await tool.call(in: run) }
    }

    /// A declared type with another body, which may capture a client.
    public init<T: Tool, Output: Encodable & Sendable>(
        _ type: T.Type,
        body: @escaping @Sendable (_ arguments: T, _ run: RunContext<Context>) async throws -> Output
    ) {
        let arguments = ToolArguments(of: type)
        self.init(
            definition: ToolDefinition(name: T.name, description: T.summary, parameters: arguments.json),
            policy: ToolPolicy(effect: T.effect, timeout: T.timeout)
        ) { text, run in
            let tool = try arguments.decode(type, from: text)
            return try await toolText(of: body(tool, run))
        }
        needsApproval = T.needsApproval ? .always : .never
    }
}

/// What the model reads of a tool's output.
private func toolText(of output: some Encodable) throws -> String {
    if let text = output as? String { return text }
    return try String(decoding: JSONEncoder.stable.encode(output), as: UTF8.self)
}
