extension Item: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try json.encode(to: encoder)
    }

    /// Reads the Responses shape; what it does not know it keeps whole.
    public init(_ json: JSONValue) {
        switch json["type"]?.string ?? "message" {
        case "message":
            guard let message = Message(json) else { break }
            self = .message(message)
            return
        case "function_call":
            guard let callID = json["call_id"]?.string, let name = json["name"]?.string else { break }
            let data = json["provider_data"].flatMap { $0.isNull ? nil : $0 }
            self = .functionCall(
                FunctionCall(callID: callID, name: name, arguments: json["arguments"].arguments, id: json["id"]?.string, providerData: data))
            return
        case "function_call_output":
            guard let callID = json["call_id"]?.string, let output = json["output"] else { break }
            self = .functionCallOutput(FunctionCallOutput(callID: callID, output))
            return
        default: break
        }
        self = .other(json)
    }

    /// The Responses shape.
    public var json: JSONValue {
        switch self {
        case .message(let message): message.json
        case .functionCall(let call): call.json
        case .functionCallOutput(let output):
            ["type": "function_call_output", "call_id": .string(output.callID), "output": output.json]
        case .other(let json): json
        }
    }
}

extension Item.Message {
    fileprivate init?(_ json: JSONValue) {
        guard let role = json["role"]?.string.flatMap(Item.Role.init), let content = json["content"] else { return nil }
        if let text = content.string {
            self.init(role: role, content: [.text(text)], id: json["id"]?.string)
            return
        }
        let parts = content.array ?? []
        self.init(role: role, content: parts.map(Item.Part.init), id: json["id"]?.string)
        let texts = parts.filter { $0["type"] == "output_text" }
        guard role == .assistant, texts.count == 1, let details = texts.first?.object else { return }
        textDetails = details.filter { $0.key != "type" && $0.key != "text" && !$0.value.isNull && $0.value.array?.isEmpty != true }
    }

    fileprivate var json: JSONValue {
        if role != .assistant, content.count == 1, case .text(let text) = content[0] {
            return ["type": "message", "role": .string(role.rawValue), "content": .string(text)]
        }
        let parts = content.map { $0.json(of: role, textDetails) }
        var members: [String: JSONValue] = ["type": "message", "role": .string(role.rawValue), "content": .array(parts)]
        if role == .assistant { members["status"] = "completed" }
        members["id"] = id.map(JSONValue.string)
        return .object(members)
    }
}

extension Item.Part {
    fileprivate init(_ json: JSONValue) {
        switch json["type"]?.string {
        case "input_text", "output_text", "text": self = json["text"]?.string.map(Self.text) ?? .other(json)
        case "refusal": self = json["refusal"]?.string.map(Self.refusal) ?? .other(json)
        default: self = .other(json)
        }
    }

    fileprivate func json(of role: Item.Role, _ details: [String: JSONValue]) -> JSONValue {
        switch self {
        case .text(let text) where role == .assistant:
            .object(["type": "output_text", "text": .string(text), "annotations": []].merging(details) { _, detail in detail })
        case .text(let text): ["type": "input_text", "text": .string(text)]
        case .refusal(let text): ["type": "refusal", "refusal": .string(text)]
        case .other(let json): json
        }
    }
}

extension Item.FunctionCall {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "type": "function_call", "call_id": .string(callID), "name": .string(name), "arguments": .string(arguments),
        ]
        members["id"] = id.map(JSONValue.string)
        members["provider_data"] = providerData
        return .object(members)
    }
}

extension Item.FunctionCallOutput {
    /// A list of nothing but input parts is content; anything else that is no text becomes its JSON text.
    fileprivate init(callID: String, _ json: JSONValue) {
        if let parts = json.array, !parts.isEmpty, parts.allSatisfy({ $0["type"]?.string?.hasPrefix("input_") ?? false }) {
            self.init(callID: callID, content: parts.map(Item.Part.init))
        } else {
            self.init(callID: callID, output: json.string ?? json.text)
        }
    }

    fileprivate var json: JSONValue {
        content.map { .array($0.map { $0.json(of: .user, [:]) }) } ?? .string(output)
    }
}

extension Item.Part: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try json(of: .user, [:]).encode(to: encoder)
    }
}

extension JSONValue? {
    /// The text of a call's arguments; some servers send the JSON itself in place of its text.
    var arguments: String {
        switch self {
        case nil, .null?: ""
        case .string(let text)?: text
        case let json?: json.text
        }
    }
}
