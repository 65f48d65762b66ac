/// That an agent may give the conversation to another, which the model asks for by calling a function.
public struct Handoff<Context: Sendable>: Sendable {
    /// The function's name: `transfer_to_` and the agent's name in lower case, other characters as `_`, unless set otherwise.
    public var toolName: String
    public var toolDescription: String
    /// The other agent's name.
    public var agentName: String
    /// Asked before each model call and again before the handoff; nil for always.
    public var isEnabled: (@Sendable (RunContext<Context>) async throws -> Bool)?
    /// Called when the handoff happens, before anyone hears of it; with what the model sent, where the handoff takes an input.
    public var onHandoff: (@Sendable (_ input: JSONValue?, _ run: RunContext<Context>) async throws -> Void)?
    /// Changes what the other agent sees of the conversation so far; sessions and results keep everything.
    public var inputFilter: HandoffInputFilter<Context>?
    /// Gives the other agent when the handoff happens, so that agents may hand to each other in a circle.
    public var target: @Sendable () -> Agent<Context>
    /// A strict JSON Schema; nil for no input.
    public private(set) var inputSchema: JSONValue?

    public init(to agent: Agent<Context>) {
        self.init(toAgentNamed: agent.name, description: agent.handoffDescription) { agent }
    }

    public init(toAgentNamed name: String, description: String?, target: @escaping @Sendable () -> Agent<Context>) {
        toolName = Handoff.toolName(of: name)
        toolDescription = "Handoff to the \(name) agent to handle the request. \(description ?? "")"
        agentName = name
        self.target = target
    }

    static func toolName(of agentName: String) -> String { "transfer_to_" + functionName(agentName) }

    /// The same handoff with an input that the model has to give, for `body` and not for the other agent.
    public func taking<Input: OutputValue>(
        _ type: Input.Type,
        _ body: @escaping @Sendable (_ input: Input, _ run: RunContext<Context>) async throws -> Void
    ) throws(SchemaError) -> Handoff {
        var handoff = self
        handoff.inputSchema = try StrictSchema.of(type.outputSchema)
        handoff.onHandoff = { json, run in
            if let json { try await body(json.decode(as: type), run) }
        }
        return handoff
    }

    var definition: ToolDefinition {
        let nothing: JSONValue = ["type": "object", "properties": [:], "required": [], "additionalProperties": false]
        return ToolDefinition(name: toolName, description: toolDescription, parameters: inputSchema ?? nothing)
    }

    /// What the model sent; nothing is coerced.
    func input(of call: ToolCall) throws(RunError) -> JSONValue? {
        guard let inputSchema else { return nil }
        guard let json = try? JSONValue(json: call.arguments) else { throw .modelBehavior("The input of the handoff '\(toolName)' is not JSON.") }
        do {
            try SchemaCheck(root: inputSchema).check(json)
            return json
        } catch {
            throw .modelBehavior("The input of the handoff '\(toolName)' does not fit: \(error).")
        }
    }
}

/// A name that a provider takes for a function: ASCII letters, digits and `_`, in lower case.
func functionName(_ name: String) -> String {
    String(
        String.UnicodeScalarView(
            name.lowercased().unicodeScalars.map { $0.isFunctionNameLetter ? $0 : "_" }))
}

extension Unicode.Scalar {
    var isFunctionNameLetter: Bool {
        isASCII && (properties.isAlphabetic || properties.numericType != nil || self == "_")
    }
}
