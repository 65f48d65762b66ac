/// Everything that one model call sees.
public struct ModelRequest: Sendable, Hashable, Codable {
    public var instructions: String?
    /// A prompt that the provider keeps.
    public var prompt: HostedPrompt?
    public var input: [Item]
    /// The tools in listing order, then the handoffs.
    public var tools: [ToolDefinition]
    public var settings: ModelSettings
    /// The shape the final text must have; nil for free text.
    public var outputFormat: OutputFormat?
    /// Whether the provider is asked for a stream; the events are the same either way, less the deltas.
    public var isStreamed: Bool
    /// The response that this one follows, in a conversation that the provider keeps; `input` is then what is new.
    public var previousResponseID: String?
    /// The provider's conversation; `input` is then what is new.
    public var conversationID: String?

    public init(
        instructions: String? = nil,
        input: [Item],
        tools: [ToolDefinition] = [],
        settings: ModelSettings = ModelSettings(),
        outputFormat: OutputFormat? = nil,
        isStreamed: Bool = true,
        prompt: HostedPrompt? = nil
    ) {
        self.instructions = instructions
        self.input = input
        self.tools = tools
        self.settings = settings
        self.outputFormat = outputFormat
        self.isStreamed = isStreamed
        self.prompt = prompt
    }
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
