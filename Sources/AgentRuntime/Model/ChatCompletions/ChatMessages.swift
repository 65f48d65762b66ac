/// A conversation as the messages of Chat Completions.
///
/// One turn of the model is one message: its text and its calls belong together, for an assistant's message that calls tools must be
/// followed by their outputs.
struct ChatMessages {
    private(set) var json: [JSONValue] = []
    private let model: String
    private var pending: ChatAssistantMessage?
    private var reasoning: ChatReasoning?

    /// Throws `RunError.user` for an item that Chat Completions cannot carry.
    init(instructions: String?, items: [Item], model: String) throws(RunError) {
        self.model = model
        if let instructions { json.append(["role": "system", "content": .string(instructions)]) }
        for item in items { try append(item) }
        flush()
    }

    private mutating func append(_ item: Item) throws(RunError) {
        switch item {
        case .message(let message) where message.role == .assistant: try append(assistant: message)
        case .message(let message):
            endTurn()
            let content = try message.role == .user ? ChatContent.of(message) : ChatContent.text(of: message)
            json.append(["role": .string(message.role.rawValue), "content": content])
        case .functionCall(let call): append(call)
        case .functionCallOutput(let output):
            endTurn()
            guard !output.callID.isEmpty else { throw .user("The Chat Completions API cannot carry an output without a call id.") }
            json.append(["role": "tool", "tool_call_id": .string(output.callID), "content": output.chatContent])
        case .other(let json): try append(other: json)
        }
    }

    private mutating func append(assistant message: Item.Message) throws(RunError) {
        if pending?.calls.isEmpty == true { flush() }
        var texts: [String] = []
        for part in message.content {
            switch part {
            case .text(let text): texts.append(text)
            case .refusal: break
            case .other(let json): throw .user("The Chat Completions API cannot carry an answer's '\(json["type"]?.string ?? "unknown")'.")
            }
        }
        var grown = pending ?? ChatAssistantMessage(reasoning: takeReasoning())
        if !texts.isEmpty { grown.text = ((grown.text.map { [$0] } ?? []) + texts).joined(separator: "\n") }
        grown.refusal = message.refusal ?? grown.refusal
        pending = grown
    }

    private mutating func append(_ call: Item.FunctionCall) {
        var grown = pending ?? ChatAssistantMessage(reasoning: takeReasoning())
        var json: [String: JSONValue] = [
            "id": .string(call.callID), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments)],
        ]
        // Signatures are their own model's: https://ai.google.dev/gemini-api/docs/thought-signatures
        if call.providerData?["model"]?.string == model { json["extra_content"] = call.providerData?["extra_content"] }
        grown.calls.append(.object(json))
        pending = grown
    }

    private mutating func append(other item: JSONValue) throws(RunError) {
        switch item["type"]?.string {
        case "reasoning": reasoning = ChatReasoning(item, for: model)
        // What a provider did by itself is in the text that follows it.
        case let type? where type.hasSuffix("_call"): break
        case let type: throw .user("The Chat Completions API cannot carry an item of type '\(type ?? "unknown")'.")
        }
    }

    private mutating func takeReasoning() -> ChatReasoning? {
        defer { reasoning = nil }
        return reasoning
    }

    /// Reasoning that nothing of its turn followed belongs to no later one.
    private mutating func endTurn() {
        flush()
        reasoning = nil
    }

    private mutating func flush() {
        guard let pending else { return }
        json.append(pending.json)
        self.pending = nil
    }
}

extension Item.FunctionCallOutput {
    /// The texts alone: a tool's message carries nothing else.
    fileprivate var chatContent: JSONValue {
        let texts = (content ?? []).compactMap { if case .text(let text) = $0 { JSONValue.string(text) } else { nil } }
        return texts.isEmpty ? .string(output) : .array(texts.map { ["type": "text", "text": $0] })
    }
}
