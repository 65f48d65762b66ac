/// Tokens and requests, added up over a run.
public struct Usage: Sendable, Hashable {
    public var requests: Int
    public var inputTokens: Int
    public var outputTokens: Int
    public var totalTokens: Int
    /// Input tokens that the provider had cached.
    public var cachedTokens: Int
    /// Input tokens that the provider has cached for later requests.
    public var cacheWriteTokens: Int
    /// Output tokens spent on reasoning.
    public var reasoningTokens: Int
    /// In billionths of the currency of the runner's price list; nil when the list has no price for the model.
    public var cost: Int?
    /// Each request by itself that was answered and took tokens, in order; in a sum only.
    public private(set) var requestEntries: [RequestUsage] = []

    public init(
        requests: Int = 0,
        inputTokens: Int = 0,
        outputTokens: Int = 0,
        totalTokens: Int? = nil,
        cachedTokens: Int = 0,
        cacheWriteTokens: Int = 0,
        reasoningTokens: Int = 0
    ) {
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.totalTokens = totalTokens ?? Usage.sum(inputTokens, outputTokens)
        self.cachedTokens = cachedTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.reasoningTokens = reasoningTokens
    }

    /// Sums hold at `Int.max`: a provider's number never traps.
    public static func + (left: Usage, right: Usage) -> Usage {
        var sum = Usage(
            requests: sum(left.requests, right.requests),
            inputTokens: sum(left.inputTokens, right.inputTokens),
            outputTokens: sum(left.outputTokens, right.outputTokens),
            totalTokens: sum(left.totalTokens, right.totalTokens),
            cachedTokens: sum(left.cachedTokens, right.cachedTokens),
            cacheWriteTokens: sum(left.cacheWriteTokens, right.cacheWriteTokens),
            reasoningTokens: sum(left.reasoningTokens, right.reasoningTokens)
        )
        if left.cost != nil || right.cost != nil { sum.cost = Usage.sum(left.cost ?? 0, right.cost ?? 0) }
        sum.requestEntries = left.entries + right.entries
        return sum
    }

    /// The counts that programs read at the end of a run.
    public var json: JSONValue {
        [
            "requests": .integer(requests), "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "total_tokens": .integer(totalTokens),
        ]
    }

    /// One request is its own entry; of several that were added up elsewhere only their entries are known.
    private var entries: [RequestUsage] {
        guard requestEntries.isEmpty, requests == 1, totalTokens > 0 else { return requestEntries }
        return [RequestUsage(of: self)]
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        left.addingSaturated(right)
    }
}

extension Usage: Codable {
    private enum CodingKeys: String, CodingKey {
        case requests, cost
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case totalTokens = "total_tokens"
        case cachedTokens = "cached_tokens"
        case cacheWriteTokens = "cache_write_tokens"
        case reasoningTokens = "reasoning_tokens"
        case requestEntries = "request_usage_entries"
    }

    /// What is absent or null counts as nothing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func count(_ key: CodingKeys) throws -> Int { try container.decodeIfPresent(Int.self, forKey: key) ?? 0 }
        self.init(
            requests: try count(.requests),
            inputTokens: try count(.inputTokens),
            outputTokens: try count(.outputTokens),
            totalTokens: try container.decodeIfPresent(Int.self, forKey: .totalTokens),
            cachedTokens: try count(.cachedTokens),
            cacheWriteTokens: try count(.cacheWriteTokens),
            reasoningTokens: try count(.reasoningTokens)
        )
        cost = try container.decodeIfPresent(Int.self, forKey: .cost)
        requestEntries = try container.decodeIfPresent([RequestUsage].self, forKey: .requestEntries) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(requests, forKey: .requests)
        try container.encode(inputTokens, forKey: .inputTokens)
        try container.encode(outputTokens, forKey: .outputTokens)
        try container.encode(totalTokens, forKey: .totalTokens)
        try container.encode(cachedTokens, forKey: .cachedTokens)
        try container.encode(reasoningTokens, forKey: .reasoningTokens)
        try container.encodeIfPresent(cost, forKey: .cost)
        if cacheWriteTokens != 0 { try container.encode(cacheWriteTokens, forKey: .cacheWriteTokens) }
        if !requestEntries.isEmpty { try container.encode(requestEntries, forKey: .requestEntries) }
    }
}
