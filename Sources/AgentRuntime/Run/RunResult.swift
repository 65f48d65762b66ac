/// What a run came to.
public struct RunResult: Sendable, Hashable {
    public var output: String
    /// The name of the agent that gave the output.
    public var lastAgent: String
    /// What the run added to the conversation after its input.
    public var newItems: [Item]
    public var usage: Usage
}
