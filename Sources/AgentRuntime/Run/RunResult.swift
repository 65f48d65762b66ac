/// What a run came to.
public struct RunResult: Sendable, Hashable {
    /// The text of the final output, as the model wrote it.
    public var output: String
    /// The parsed output of an agent with an output type; nil for free text.
    public var value: JSONValue?
    /// The name of the agent that gave the output.
    public var lastAgent: String
    /// What the run added to the conversation after its input.
    public var newItems: [Item]
    public var usage: Usage
    /// The calls that wait for a person; with any, the run has no output yet and goes on from its log.
    public var interruptions: [Interruption] = []

    /// The output as a type. Throws when the agent gives free text, or something else.
    public func value<Value: OutputValue>(as type: Value.Type) throws -> Value {
        guard let value else { throw RunError.user("The agent \(lastAgent) has no output type.") }
        return try value.decode(as: type)
    }
}
