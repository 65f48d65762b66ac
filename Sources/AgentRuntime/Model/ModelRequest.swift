/// Everything that one model call sees.
public struct ModelRequest: Sendable, Hashable, Codable {
    public var instructions: String?
    /// A prompt that the provider keeps.
    public var prompt: HostedPrompt?
    public var input: [Item]
    /// The tools in listing order, then the handoffs.
    public var tools: [ToolDefinition]
    /// Tools that the provider carries out, as the Responses API describes them: https://platform.openai.com/docs/guides/tools
    public var hostedTools: [JSONValue]?
    public var settings: ModelSettings
    /// The shape the final text must have; nil for free text.
    public var outputFormat: OutputFormat?
    /// Whether the provider is asked for a stream; the events are the same either way, less the deltas.
    public var isStreamed: Bool
    /// The response that this one follows, in a conversation that the provider keeps; `input` is then what is new.
    public var previousResponseID: String?
    /// The provider's conversation; `input` is then what is new.
    public var conversationID: String?
    /// Stands for the conversation: the prompt cache key at OpenAI, unless the settings have one.
    public var promptCacheGroup: String?

    public init(
        instructions: String? = nil,
        input: [Item],
        tools: [ToolDefinition] = [],
        hostedTools: [JSONValue]? = nil,
        settings: ModelSettings = ModelSettings(),
        outputFormat: OutputFormat? = nil,
        isStreamed: Bool = true,
        previousResponseID: String? = nil,
        conversationID: String? = nil,
        prompt: HostedPrompt? = nil,
        promptCacheGroup: String? = nil
    ) {
        self.instructions = instructions
        self.input = input
        self.tools = tools
        self.hostedTools = hostedTools
        self.settings = settings
        self.outputFormat = outputFormat
        self.isStreamed = isStreamed
        self.previousResponseID = previousResponseID
        self.conversationID = conversationID
        self.prompt = prompt
        self.promptCacheGroup = promptCacheGroup
    }

    /// Whether the provider adds to a conversation that it keeps.
    public var isStateful: Bool { previousResponseID != nil || conversationID != nil }
}

/// A function as the model sees it.
public struct ToolDefinition: Sendable, Hashable, Codable {
    public var name: String
    public var description: String
    /// A JSON Schema object.
    public var parameters: JSONValue
    /// Whether the provider must hold to the schema: https://platform.openai.com/docs/guides/function-calling#strict-mode
    public var isStrict: Bool

    public init(name: String, description: String, parameters: JSONValue, isStrict: Bool = true) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.isStrict = isStrict
    }
}

/// A JSON Schema for the final text: https://platform.openai.com/docs/guides/structured-outputs
public struct OutputFormat: Sendable, Hashable, Codable {
    public var name: String
    public var schema: JSONValue
    public var isStrict: Bool

    public init(name: String = "final_output", schema: JSONValue, isStrict: Bool = true) {
        self.name = name
        self.schema = schema
        self.isStrict = isStrict
    }
}
