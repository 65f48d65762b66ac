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
        /// What the provider says about an assistant's only text: its `annotations`, its `logprobs`.
        public var textDetails: [String: JSONValue]

        public init(role: Role, content: [Part], id: String? = nil, textDetails: [String: JSONValue] = [:]) {
            self.role = role
            self.content = content
            self.id = id
            self.textDetails = textDetails
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
        /// What only the call's own provider understands, such as a signature that it wants back.
        public var providerData: JSONValue?

        public init(callID: String, name: String, arguments: String, id: String? = nil, providerData: JSONValue? = nil) {
            self.callID = callID
            self.name = name
            self.arguments = arguments
            self.id = id
            self.providerData = providerData
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
