extension Item {
    /// What the Responses API is sent; nil for reasoning that another wire API noted, which no provider of this one knows.
    var responsesJSON: JSONValue? {
        switch self {
        case .message(let message) where message.role == .assistant && message.isWithoutID: return message.plain
        case .functionCall(var call):
            if call.arguments.isEmpty { call.arguments = "{}" }
            if call.id == Item.placeholderID { call.id = nil }
            call.providerData = nil
            return Item.functionCall(call).json
        case .other(let json) where json["type"] == "reasoning" && json["provider_data"] != nil: return nil
        case .other(.object(var members)):
            members["provider_data"] = nil
            members["created_by"] = nil
            if members["id"]?.string == Item.placeholderID { members["id"] = nil }
            return .object(members)
        default: return json
        }
    }
}

extension Item.Message {
    fileprivate var isWithoutID: Bool { id == nil || id == Item.placeholderID }

    /// An answer that is not this provider's own is its text: https://platform.openai.com/docs/api-reference/responses/create
    fileprivate var plain: JSONValue {
        let texts = content.compactMap { part in
            switch part {
            case .text(let text), .refusal(let text): text
            case .other: nil
            }
        }
        return ["type": "message", "role": "assistant", "content": .string(texts.joined(separator: "\n"))]
    }
}
