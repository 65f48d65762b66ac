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
    /// How much of its reasoning the Responses API tells, in the provider's words: `auto`, `concise`, `detailed`.
    public var reasoningSummary: String?
    /// How much the model writes, in the provider's words: `low`, `medium`, `high`.
    public var verbosity: String?
    /// What the Responses API does with a conversation that is too long: `auto` or `disabled`.
    public var truncation: String?
    /// Whether the provider keeps the response.
    public var store: Bool?
    public var metadata: [String: String]?
    /// How many likely tokens the provider names at each place; 0 for the chosen one's probability alone.
    public var topLogprobs: Int?
    /// What a response of the Responses API holds beyond its items, such as `reasoning.encrypted_content`.
    public var responseInclude: [String]?
    /// Whether a chat stream ends with its usage; nil for yes, since usage is needed to count tokens.
    public var includeUsage: Bool?
    /// Requests of one key find each other's cached input; nil for one of the conversation's own at OpenAI and none elsewhere.
    public var promptCacheKey: String?
    /// How long the provider keeps the input cached: `in_memory` or `24h`.
    public var promptCacheRetention: String?
    public var promptCacheOptions: JSONValue?
    /// How the Responses API shortens a long conversation by itself.
    public var contextManagement: JSONValue?
    /// How long each attempt at the request may take.
    public var timeout: Duration?
    public var retry: RetrySettings?
    /// Header fields, which win over the endpoint's own; never the key's.
    public var extraHeaders: [String: String]?
    public var extraQuery: [String: String]?
    /// Members laid over the body, whatever it says there.
    public var extraBody: [String: JSONValue]?
    /// Members added to the body; one that the body has already is refused.
    public var extraArgs: [String: JSONValue]?

    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        toolChoice: ToolChoice? = nil,
        parallelToolCalls: Bool? = nil,
        maxTokens: Int? = nil,
        frequencyPenalty: Double? = nil,
        presencePenalty: Double? = nil,
        reasoningEffort: String? = nil,
        reasoningSummary: String? = nil,
        verbosity: String? = nil,
        truncation: String? = nil,
        store: Bool? = nil,
        metadata: [String: String]? = nil,
        topLogprobs: Int? = nil,
        responseInclude: [String]? = nil,
        includeUsage: Bool? = nil,
        promptCacheKey: String? = nil,
        promptCacheRetention: String? = nil,
        promptCacheOptions: JSONValue? = nil,
        contextManagement: JSONValue? = nil,
        timeout: Duration? = nil,
        retry: RetrySettings? = nil,
        extraHeaders: [String: String]? = nil,
        extraQuery: [String: String]? = nil,
        extraBody: [String: JSONValue]? = nil,
        extraArgs: [String: JSONValue]? = nil
    ) {
        (self.temperature, self.topP) = (temperature, topP)
        (self.toolChoice, self.parallelToolCalls) = (toolChoice, parallelToolCalls)
        (self.maxTokens, self.frequencyPenalty, self.presencePenalty) = (maxTokens, frequencyPenalty, presencePenalty)
        (self.reasoningEffort, self.reasoningSummary, self.verbosity) = (reasoningEffort, reasoningSummary, verbosity)
        (self.truncation, self.store, self.metadata) = (truncation, store, metadata)
        (self.topLogprobs, self.responseInclude, self.includeUsage) = (topLogprobs, responseInclude, includeUsage)
        (self.promptCacheKey, self.promptCacheRetention, self.promptCacheOptions) = (promptCacheKey, promptCacheRetention, promptCacheOptions)
        (self.contextManagement, self.timeout, self.retry) = (contextManagement, timeout, retry)
        (self.extraHeaders, self.extraQuery) = (extraHeaders, extraQuery)
        (self.extraBody, self.extraArgs) = (extraBody, extraArgs)
    }

    private enum CodingKeys: String, CodingKey {
        case temperature, verbosity, truncation, store, metadata, timeout, retry
        case topP = "top_p"
        case toolChoice = "tool_choice"
        case parallelToolCalls = "parallel_tool_calls"
        case maxTokens = "max_tokens"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case reasoningEffort = "reasoning_effort"
        case reasoningSummary = "reasoning_summary"
        case topLogprobs = "top_logprobs"
        case responseInclude = "response_include"
        case includeUsage = "include_usage"
        case promptCacheKey = "prompt_cache_key"
        case promptCacheRetention = "prompt_cache_retention"
        case promptCacheOptions = "prompt_cache_options"
        case contextManagement = "context_management"
        case extraHeaders = "extra_headers"
        case extraQuery = "extra_query"
        case extraBody = "extra_body"
        case extraArgs = "extra_args"
    }
}
