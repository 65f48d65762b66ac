/// Tokens and requests, added up over a run.
public struct Usage: Sendable, Hashable, Codable {
    public var requests: Int
    public var inputTokens: Int
    public var outputTokens: Int
    public var totalTokens: Int
    /// Input tokens that the provider had cached.
    public var cachedTokens: Int
    /// Output tokens spent on reasoning.
    public var reasoningTokens: Int
    /// In billionths of the currency of the runner's price list; nil when the list has no price for the model.
    public var cost: Int?

    public init(
        requests: Int = 0,
        inputTokens: Int = 0,
        outputTokens: Int = 0,
        totalTokens: Int? = nil,
        cachedTokens: Int = 0,
        reasoningTokens: Int = 0
    ) {
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.totalTokens = totalTokens ?? Usage.sum(inputTokens, outputTokens)
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
    }

    /// Sums hold at `Int.max`: a provider's number never traps.
    public static func + (left: Usage, right: Usage) -> Usage {
        var usage = Usage(
            requests: sum(left.requests, right.requests),
            inputTokens: sum(left.inputTokens, right.inputTokens),
            outputTokens: sum(left.outputTokens, right.outputTokens),
            totalTokens: sum(left.totalTokens, right.totalTokens),
            cachedTokens: sum(left.cachedTokens, right.cachedTokens),
            reasoningTokens: sum(left.reasoningTokens, right.reasoningTokens)
        )
        if left.cost != nil || right.cost != nil { usage.cost = sum(left.cost ?? 0, right.cost ?? 0) }
        return usage
    }

    /// The counts that programs read at the end of a run.
    public var json: JSONValue {
        [
            "requests": .integer(requests), "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "total_tokens": .integer(totalTokens),
        ]
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        left.addingSaturated(right)
    }

    private enum CodingKeys: String, CodingKey {
        case requests, cost
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case totalTokens = "total_tokens"
        case cachedTokens = "cached_tokens"
        case reasoningTokens = "reasoning_tokens"
    }
}
