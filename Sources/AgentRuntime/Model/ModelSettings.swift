/// What a request asks of the model beside its input; what is nil is left to the provider.
public struct ModelSettings: Sendable, Hashable, Codable {
    public var temperature: Double?
    public var topP: Double?
    public var toolChoice: ToolChoice?
    public var parallelToolCalls: Bool?
    public var maxTokens: Int?

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        toolChoice: ToolChoice? = nil,
        parallelToolCalls: Bool? = nil,
        maxTokens: Int? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.toolChoice = toolChoice
        self.parallelToolCalls = parallelToolCalls
        self.maxTokens = maxTokens
    }

    /// These settings, with each field that `override` sets taken from it.
    public func overlaid(by override: ModelSettings) -> ModelSettings {
        ModelSettings(
            temperature: override.temperature ?? temperature,
            topP: override.topP ?? topP,
            toolChoice: override.toolChoice ?? toolChoice,
            parallelToolCalls: override.parallelToolCalls ?? parallelToolCalls,
            maxTokens: override.maxTokens ?? maxTokens
        )
    }

    private enum CodingKeys: String, CodingKey {
        case temperature
        case topP = "top_p"
        case toolChoice = "tool_choice"
        case parallelToolCalls = "parallel_tool_calls"
        case maxTokens = "max_tokens"
    }
}

/// Whether the model may, must or must not call tools.
public enum ToolChoice: Sendable, Hashable, Codable {
    case auto, required, none
    /// This function and no other.
    case function(String)

    public init(_ text: String) {
        self =
            switch text {
            case "auto": .auto
            case "required": .required
            case "none": .none
            default: .function(text)
            }
    }

    public var text: String {
        switch self {
        case .auto: "auto"
        case .required: "required"
        case .none: "none"
        case .function(let name): name
        }
    }

    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
