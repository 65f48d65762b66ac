extension Item {
    /// As a message of https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-input-messages.json
    var semanticMessage: JSONValue {
        switch self {
        case .message(let message): ["role": .string(message.role.rawValue), "parts": .array(message.content.map(\.semanticPart))]
        case .functionCall(let call):
            message(
                "assistant",
                [
                    "type": "tool_call", "id": .string(call.callID), "name": .string(call.name),
                    "arguments": (try? JSONValue(json: call.arguments)) ?? .string(call.arguments),
                ])
        case .functionCallOutput(let output):
            message("tool", ["type": "tool_call_response", "id": .string(output.callID), "response": output.semanticResponse])
        case .other(let json): message("assistant", json)
        }
    }

    private func message(_ role: String, _ part: JSONValue) -> JSONValue {
        ["role": .string(role), "parts": [part]]
    }
}

extension Item.FunctionCallOutput {
    fileprivate var semanticResponse: JSONValue { Item.functionCallOutput(self).json["output"] ?? .null }
}

extension Item.Part {
    fileprivate var semanticPart: JSONValue {
        switch self {
        case .text(let text), .refusal(let text): .semanticText(text)
        case .other(let json): json
        }
    }
}

extension JSONValue {
    static func semanticText(_ text: String) -> JSONValue { ["type": "text", "content": .string(text)] }
}
