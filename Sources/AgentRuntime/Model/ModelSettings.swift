/// What a request asks of the model beside its input; what is nil is left to the provider.
public struct ModelSettings: Sendable, Hashable, Codable {
    public var temperature: Double?
    public var topP: Double?
    public var toolChoice: ToolChoice?
    public var parallelToolCalls: Bool?
    public var maxTokens: Int?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    /// How much a reasoning model thinks, in the provider's words: `low`, `medium`, `high`.
    public var reasoningEffort: String?
    /// How much the model writes, in the provider's words: `low`, `medium`, `high`.
    public var verbosity: String?
    /// What the Responses API does with a conversation that is too long: `auto` or `disabled`.
    public var truncation: String?
    /// Whether the provider keeps the response.
    public var store: Bool?
    public var metadata: [String: String]?

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        toolChoice: ToolChoice? = nil,
        parallelToolCalls: Bool? = nil,
        maxTokens: Int? = nil,
        frequencyPenalty: Double? = nil,
        presencePenalty: Double? = nil,
        reasoningEffort: String? = nil,
        verbosity: String? = nil,
        truncation: String? = nil,
        store: Bool? = nil,
        metadata: [String: String]? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.toolChoice = toolChoice
        self.parallelToolCalls = parallelToolCalls
        self.maxTokens = maxTokens
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.reasoningEffort = reasoningEffort
        self.verbosity = verbosity
        self.truncation = truncation
        self.store = store
        self.metadata = metadata
    }

    /// These settings, with each field that `override` sets taken from it.
    public func overlaid(by override: ModelSettings) -> ModelSettings {
        ModelSettings(
            temperature: override.temperature ?? temperature,
            topP: override.topP ?? topP,
            toolChoice: override.toolChoice ?? toolChoice,
            parallelToolCalls: override.parallelToolCalls ?? parallelToolCalls,
            maxTokens: override.maxTokens ?? maxTokens,
            frequencyPenalty: override.frequencyPenalty ?? frequencyPenalty,
            presencePenalty: override.presencePenalty ?? presencePenalty,
            reasoningEffort: override.reasoningEffort ?? reasoningEffort,
            verbosity: override.verbosity ?? verbosity,
            truncation: override.truncation ?? truncation,
            store: override.store ?? store,
            metadata: override.metadata ?? metadata
        )
    }

    private enum CodingKeys: String, CodingKey {
        case temperature, verbosity, truncation, store, metadata
        case topP = "top_p"
        case toolChoice = "tool_choice"
        case parallelToolCalls = "parallel_tool_calls"
        case maxTokens = "max_tokens"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case reasoningEffort = "reasoning_effort"
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
