/// What a tool, a guardrail or dynamic instructions may know of the run they are part of; never sent to the model.
public struct RunContext<Value: Sendable>: Sendable {
    /// The application's own value, such as the signed-in user with stores narrowed to them.
    public let value: Value
    /// What the run has used so far.
    public let usage: Usage
    public let agentName: String
    /// Model calls so far in this run.
    public let turn: Int
    /// The call in whose body this is; nil outside a tool. Its `text` stays the same when a call that was cut off is made again, so that others
    /// can take it for an idempotency key.
    public let call: CallKey?

    /// The call itself, its agent and the run's configuration; nil outside a tool.
    public internal(set) var tool: ToolContext<Value>?

    /// By which an agent runs as a tool; nil outside a tool.
    var nesting: Nesting<Value>?

    public init(value: Value, usage: Usage = Usage(), agentName: String = "", turn: Int = 0, call: CallKey? = nil) {
        self.value = value
        self.usage = usage
        self.agentName = agentName
        self.turn = turn
        self.call = call
    }
}
