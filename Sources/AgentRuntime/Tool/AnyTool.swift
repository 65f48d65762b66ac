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
    public var origin = ToolOrigin.function
    /// For errors that the tool throws, arguments that are not valid among them.
    public var errorBehavior: ToolErrorBehavior<Context> = .tellModel
    /// For calls that take longer than the policy allows; the error is a `ToolTimeout`.
    public var timeoutBehavior: ToolErrorBehavior<Context> = .tellModel
    /// Gives data that is kept with the result and that no model sees. An error thrown here fails the run.
    public var customData: (@Sendable (_ result: ToolResult, _ call: ToolCall, _ run: RunContext<Context>) async throws -> JSONValue?)?
    /// Throws what is wrong with arguments, as the call would; nil for a tool that only the call itself can ask.
    public var checkArguments: (@Sendable (_ arguments: String) throws -> Void)?
    /// Takes the model's text for the arguments and gives what the model reads.
    public var perform: @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> ToolOutput

    public var name: String { definition.name }

    public init(
        definition: ToolDefinition,
        policy: ToolPolicy = ToolPolicy(),
        isEnabled: (@Sendable (RunContext<Context>) async throws -> Bool)? = nil,
        perform: @escaping @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> ToolOutput
    ) {
        self.definition = definition
        self.policy = policy
        self.isEnabled = isEnabled
        self.perform = perform
    }

    /// A tool that gives text.
    public init(
        definition: ToolDefinition,
        policy: ToolPolicy = ToolPolicy(),
        isEnabled: (@Sendable (RunContext<Context>) async throws -> Bool)? = nil,
        call: @escaping @Sendable (_ arguments: String, _ run: RunContext<Context>) async throws -> String
    ) {
        self.init(definition: definition, policy: policy, isEnabled: isEnabled, perform: { .text(try await call($0, $1)) })
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
            policy: ToolPolicy(effect: T.effect, timeout: T.timeout, isDestructive: T.isDestructive, isIdempotent: T.isIdempotent),
            perform: { text, run in
                let tool = try arguments.decode(type, from: text)
                return try ToolOutput(await body(tool, run))
            })
        checkArguments = { _ = try arguments.decode(type, from: $0) }
        needsApproval = T.needsApproval ? .always : .never
    }

    /// Does what the tool does, outside of a run, and gives the text of its output.
    public func call(_ arguments: String, _ run: RunContext<Context>) async throws -> String {
        try await perform(arguments, run).text
    }
}
