/// One turn of the model as a chat message that may still grow.
struct ChatAssistantMessage {
    var text: String?
    var refusal: String?
    var calls: [JSONValue] = []
    let reasoning: ChatReasoning?

    init(reasoning: ChatReasoning?) {
        self.reasoning = reasoning
    }

    var json: JSONValue {
        var message: [String: JSONValue] = ["role": "assistant", "content": text.map(JSONValue.string) ?? .null]
        message["refusal"] = refusal.map(JSONValue.string)
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        // Something must be said where nothing is called.
        if calls.isEmpty, text == nil, refusal == nil { message["content"] = "" }
        if let reasoning { message.merge(reasoning.members(withCalls: !calls.isEmpty)) { mine, _ in mine } }
        return .object(message)
    }
}

/// Reasoning that goes back to the model it came from, in the form in which it came.
struct ChatReasoning {
    private let text: String?
    private let field: String
    private let thinkingBlocks: JSONValue?

    /// Nil for another model's.
    init?(_ item: JSONValue, for model: String) {
        guard let data = item["provider_data"], data["model"]?.string == model else { return nil }
        let parts = (item["summary"]?.array ?? []) + (item["content"]?.array ?? [])
        let texts = parts.compactMap { $0["text"]?.string }.filter { !$0.isEmpty }
        text = texts.isEmpty ? nil : texts.joined(separator: "\n")
        field = data["reasoning_field"]?.string ?? "reasoning_content"
        thinkingBlocks = data["thinking_blocks"]
    }

    func members(withCalls: Bool) -> [String: JSONValue] {
        // Signed, and so whole and in order: https://docs.litellm.ai/docs/reasoning_content
        if let thinkingBlocks { return ["thinking_blocks": thinkingBlocks] }
        // `reasoning_content` is wanted back while tools are used and refused elsewhere: https://api-docs.deepseek.com/guides/thinking_mode
        guard let text, withCalls || field == "reasoning" else { return [:] }
        return [field: .string(text)]
    }
}
