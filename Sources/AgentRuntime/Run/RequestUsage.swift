/// The tokens of one model request.
public struct RequestUsage: Sendable, Hashable, Codable {
    public var inputTokens: Int
    public var outputTokens: Int
    public var totalTokens: Int
    public var cachedTokens: Int
    public var cacheWriteTokens: Int
    public var reasoningTokens: Int
    /// As in `Usage`.
    public var cost: Int?

    init(of usage: Usage) {
        inputTokens = usage.inputTokens
        outputTokens = usage.outputTokens
        totalTokens = usage.totalTokens
        cachedTokens = usage.cachedTokens
        cacheWriteTokens = usage.cacheWriteTokens
        reasoningTokens = usage.reasoningTokens
        cost = usage.cost
    }

    private enum CodingKeys: String, CodingKey {
        case cost
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case totalTokens = "total_tokens"
        case cachedTokens = "cached_tokens"
        case cacheWriteTokens = "cache_write_tokens"
        case reasoningTokens = "reasoning_tokens"
    }
}
