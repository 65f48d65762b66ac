/// One entry of a conversation, in the shape of the Responses API: https://platform.openai.com/docs/api-reference/responses/object
public enum Item: Sendable, Hashable {
    case message(Message)
    case functionCall(FunctionCall)
    case functionCallOutput(FunctionCallOutput)
    /// Reasoning, hosted tool calls and whatever else a provider sends: kept whole and given back as it came.
    case other(JSONValue)

    /// What a person, a model or the host says.
    public struct Message: Sendable, Hashable {
        public var role: Role
        public var content: [Part]
        /// The provider's id of an assistant's message.
        public var id: String?

        public init(role: Role, content: [Part], id: String? = nil) {
            self.role = role
            self.content = content
            self.id = id
        }

        /// The text parts, joined.
        public var text: String {
            content.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        }

        public var refusal: String? {
            content.lazy.compactMap { if case .refusal(let text) = $0 { text } else { nil } }.first
        }
    }

    public enum Role: String, Sendable, Hashable, Codable {
        case user, assistant, system, developer
    }

    public enum Part: Sendable, Hashable {
        case text(String)
        case refusal(String)
        /// Images, files and the rest, kept whole.
        case other(JSONValue)
    }

    /// The model asks for a function.
    public struct FunctionCall: Sendable, Hashable {
        /// The provider's id, echoed in the output and used for nothing else.
        public var callID: String
        public var name: String
        /// The model's text, which need not be JSON.
        public var arguments: String
        public var id: String?

        public init(callID: String, name: String, arguments: String, id: String? = nil) {
            self.callID = callID
            self.name = name
            self.arguments = arguments
            self.id = id
        }
    }

    /// What the function answered.
    public struct FunctionCallOutput: Sendable, Hashable {
        public var callID: String
        /// The text of it when there is `content`.
        public private(set) var output: String
        /// Text, images and files, of an output that is more than one text.
        public private(set) var content: [Part]?

        public init(callID: String, output: String) {
            self.callID = callID
            self.output = output
        }

        public init(callID: String, content: [Part]) {
            self.callID = callID
            output = content.text
            self.content = content
        }
    }
}

extension Item {
    public static func user(_ text: String) -> Item { .message(Message(role: .user, content: [.text(text)])) }
    public static func assistant(_ text: String) -> Item { .message(Message(role: .assistant, content: [.text(text)])) }
    public static func call(_ name: String, _ arguments: String, id: String) -> Item {
        .functionCall(FunctionCall(callID: id, name: name, arguments: arguments))
    }
    public static func output(_ output: String, of callID: String) -> Item {
        .functionCallOutput(FunctionCallOutput(callID: callID, output: output))
    }
}

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
            guard let role = json["role"]?.string.flatMap(Role.init), let content = json["content"] else { break }
            let parts = content.string.map { [Part.text($0)] } ?? (content.array ?? []).map(Part.init)
            self = .message(Message(role: role, content: parts, id: json["id"]?.string))
            return
        case "function_call":
            guard let callID = json["call_id"]?.string, let name = json["name"]?.string else { break }
            self = .functionCall(FunctionCall(callID: callID, name: name, arguments: json["arguments"].arguments, id: json["id"]?.string))
            return
        case "function_call_output":
            guard let callID = json["call_id"]?.string, let output = json["output"] else { break }
            self = .functionCallOutput(FunctionCallOutput(callID: callID, output))
            return
        default: break
        }
        self = .other(json)
    }

    /// The Responses shape, as it is sent to a provider.
    public var json: JSONValue {
        switch self {
        case .message(let message): message.json
        case .functionCall(let call):
            JSONValue.object(
                ["type": "function_call", "call_id": .string(call.callID), "name": .string(call.name), "arguments": .string(call.arguments)],
                id: call.id)
        case .functionCallOutput(let output):
            ["type": "function_call_output", "call_id": .string(output.callID), "output": output.json]
        case .other(let json): json
        }
    }
}

extension Item.Message {
    fileprivate var json: JSONValue {
        if role != .assistant, content.count == 1, case .text(let text) = content[0] {
            return ["type": "message", "role": .string(role.rawValue), "content": .string(text)]
        }
        let parts = content.map { $0.json(of: role) }
        var members: [String: JSONValue] = ["type": "message", "role": .string(role.rawValue), "content": .array(parts)]
        if role == .assistant { members["status"] = "completed" }
        return JSONValue.object(members, id: id)
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
        content.map { .array($0.map { $0.json(of: .user) }) } ?? .string(output)
    }
}

extension Item.Part: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        try json(of: .user).encode(to: encoder)
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

    fileprivate func json(of role: Item.Role) -> JSONValue {
        switch self {
        case .text(let text):
            role == .assistant
                ? ["type": "output_text", "text": .string(text), "annotations": []]
                : ["type": "input_text", "text": .string(text)]
        case .refusal(let text): ["type": "refusal", "refusal": .string(text)]
        case .other(let json): json
        }
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

extension JSONValue {
    fileprivate static func object(_ members: [String: JSONValue], id: String?) -> JSONValue {
        var members = members
        if let id { members["id"] = .string(id) }
        return .object(members)
    }
}
