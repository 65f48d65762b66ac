/// A conversation as the messages of Chat Completions.
///
/// One turn of the model is one message: its text and its calls belong together, for an assistant's message that calls tools must be
/// followed by their outputs.
struct ChatMessages {
    private(set) var json: [JSONValue] = []
    private let model: String
    private var pending: Pending?
    private var reasoning: String?

    /// An assistant's message that may still grow.
    private struct Pending {
        var text: String?
        var refusal: String?
        var calls: [JSONValue] = []
        var reasoning: String?
    }

    /// Throws `RunError.user` for an item that Chat Completions cannot carry.
    init(instructions: String?, items: [Item], model: String) throws(RunError) {
        self.model = model
        if let instructions { json.append(["role": "system", "content": .string(instructions)]) }
        for item in items { try append(item) }
        flush()
    }

    private mutating func append(_ item: Item) throws(RunError) {
        switch item {
        case .message(let message) where message.role == .assistant: append(assistant: message)
        case .message(let message):
            flush()
            json.append(["role": .string(message.role.rawValue), "content": try ChatMessages.content(of: message)])
        case .functionCall(let call): append(call)
        case .functionCallOutput(let output):
            flush()
            json.append(["role": "tool", "tool_call_id": .string(output.callID), "content": output.chatContent])
        case .other(let json): try append(other: json)
        }
    }

    private mutating func append(assistant message: Item.Message) {
        if let pending, pending.text != nil || pending.refusal != nil || pending.calls.isEmpty { flush() }
        var grown = pending ?? Pending(reasoning: takeReasoning())
        let texts = message.content.compactMap { if case .text(let text) = $0 { text } else { nil } }
        grown.text = texts.isEmpty ? nil : texts.joined(separator: "\n")
        grown.refusal = message.refusal
        pending = grown
    }

    private mutating func append(_ call: Item.FunctionCall) {
        var grown = pending ?? Pending(reasoning: takeReasoning())
        grown.calls.append([
            "id": .string(call.callID), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments)],
        ])
        pending = grown
    }

    private mutating func append(other item: JSONValue) throws(RunError) {
        switch item["type"]?.string {
        case "reasoning": reasoning = item["provider_data"]?["model"]?.string == model ? item["content"]?.array?.first?["text"]?.string : nil
        // What a provider did by itself is in the text that follows it.
        case let type? where type.hasSuffix("_call"): break
        case let type: throw .user("The Chat Completions API cannot carry an item of type '\(type ?? "unknown")'.")
        }
    }

    private mutating func takeReasoning() -> String? {
        defer { reasoning = nil }
        return reasoning
    }

    private mutating func flush() {
        guard let pending else { return }
        var message: [String: JSONValue] = ["role": "assistant", "content": pending.text.map(JSONValue.string) ?? .null]
        message["refusal"] = pending.refusal.map(JSONValue.string)
        if !pending.calls.isEmpty {
            message["tool_calls"] = .array(pending.calls)
            // Wanted back while tools are used and refused elsewhere: https://api-docs.deepseek.com/guides/thinking_mode
            message["reasoning_content"] = pending.reasoning.map(JSONValue.string)
        }
        json.append(.object(message))
        self.pending = nil
    }

    /// Text alone is a string; what a person sends beside it makes a list of parts.
    private static func content(of message: Item.Message) throws(RunError) -> JSONValue {
        var isText = true
        var parts: [JSONValue] = []
        for part in message.content {
            switch part {
            case .text(let text), .refusal(let text): parts.append(["type": "text", "text": .string(text)])
            case .other(let json):
                isText = false
                parts.append(try chatPart(json))
            }
        }
        return isText ? .string(parts.compactMap { $0["text"]?.string }.joined(separator: "\n")) : .array(parts)
    }

    private static func chatPart(_ json: JSONValue) throws(RunError) -> JSONValue {
        switch json["type"]?.string {
        case "input_image":
            var image: [String: JSONValue] = [:]
            image["url"] = json["image_url"]
            image["detail"] = json["detail"]
            return ["type": "image_url", "image_url": .object(image)]
        case "input_audio", "image_url", "file": return json
        case "input_file":
            let file = (json.object ?? [:]).filter { ["file_data", "file_id", "filename"].contains($0.key) }
            return ["type": "file", "file": .object(file)]
        case let type: throw .user("The Chat Completions API cannot carry content of type '\(type ?? "unknown")'.")
        }
    }
}

extension Item.FunctionCallOutput {
    /// The texts alone: a tool's message carries nothing else.
    fileprivate var chatContent: JSONValue {
        let texts = (content ?? []).compactMap { if case .text(let text) = $0 { JSONValue.string(text) } else { nil } }
        return texts.isEmpty ? .string(output) : .array(texts.map { ["type": "text", "text": $0] })
    }
}
