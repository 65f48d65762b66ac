/// The call that a tool's body carries out, and on whose behalf; never sent to the model.
public struct ToolContext<Value: Sendable>: Sendable {
    /// The call with the model's own id and text.
    public let call: ToolCall
    /// The agent whose model made the call.
    public let agent: Agent<Value>
    /// What the run was started with.
    public let config: RunConfig<Value>
}
