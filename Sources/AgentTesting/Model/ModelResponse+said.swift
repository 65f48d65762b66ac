public import AgentRuntime

extension ModelResponse {
    /// A response of one message.
    public static func said(_ text: String, usage: Usage = Usage(requests: 1)) -> ModelResponse {
        ModelResponse(items: [.assistant(text)], usage: usage)
    }

    /// A response of calls.
    public static func calling(_ calls: Item.FunctionCall..., usage: Usage = Usage(requests: 1)) -> ModelResponse {
        ModelResponse(items: calls.map(Item.functionCall), usage: usage)
    }
}
