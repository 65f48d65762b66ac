/// That an agent may give the conversation to another, which the model asks for by calling a function.
public struct Handoff<Context: Sendable>: Sendable {
    /// The function's name: `transfer_to_` and the agent's name in lower case, other characters as `_`.
    public var toolName: String
    public var toolDescription: String
    /// The other agent's name.
    public var agentName: String
    /// Gives the other agent when the handoff happens, so that agents may hand to each other in a circle.
    public var target: @Sendable () -> Agent<Context>

    public init(to agent: Agent<Context>) {
        self.init(toAgentNamed: agent.name, description: agent.handoffDescription) { agent }
    }

    public init(toAgentNamed name: String, description: String?, target: @escaping @Sendable () -> Agent<Context>) {
        toolName = "transfer_to_" + functionName(name)
        toolDescription = "Handoff to the \(name) agent to handle the request. \(description ?? "")"
        agentName = name
        self.target = target
    }

    var definition: ToolDefinition {
        let parameters: JSONValue = ["type": "object", "properties": [:], "required": [], "additionalProperties": false]
        return ToolDefinition(name: toolName, description: toolDescription, parameters: parameters)
    }
}

/// A name that a provider takes for a function: ASCII letters, digits and `_`, in lower case.
func functionName(_ name: String) -> String {
    String(String.UnicodeScalarView(name.lowercased().unicodeScalars.map { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil) ? scalar : "_"
    }))
}
