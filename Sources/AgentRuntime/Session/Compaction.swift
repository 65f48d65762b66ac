/// When a conversation has grown too long for the model, and what is done then.
///
/// Older whole turns give way to one message that sums them up. Only what the model sees changes: the run's items, its session and what
/// people read keep everything. A call is never parted from its output, nor reasoning from what it led to; messages of the system, the
/// newest message of the user and the running turn always stay. A conversation that the provider keeps is left to the provider.
public struct Compaction: Sendable {
    /// How many tokens of conversation the model is to see at most; instructions and tools come on top.
    public var budget: Int
    /// How many of them the turns that stay may have.
    public var keptTokens: Int
    /// Sums up what gives way; nil for dropping it.
    public var summarizer: Summarizer?
    public var onFailure: FailureBehavior
    /// How many tokens an item has.
    public var estimate: @Sendable (Item) -> Int

    /// What happens when no summary can be made.
    public enum FailureBehavior: Sendable, Hashable {
        /// The turns give way without one.
        case dropOldest
        /// The run fails.
        case fail
    }

    /// - Parameter keptTokens: Nil for half of the budget, so that turns can follow before the next summary.
    public init(
        budget: Int,
        keptTokens: Int? = nil,
        summarizer: Summarizer? = nil,
        onFailure: FailureBehavior = .dropOldest,
        estimate: @escaping @Sendable (Item) -> Int = Compaction.quarterOfBytes
    ) {
        self.budget = budget
        self.keptTokens = keptTokens ?? budget / 2
        self.summarizer = summarizer
        self.onFailure = onFailure
        self.estimate = estimate
    }

    /// A token for every four bytes of the item's JSON, which is near the truth for English.
    @Sendable public static func quarterOfBytes(of item: Item) -> Int {
        (item.json.text.utf8.count + 3) / 4
    }
}

/// That older turns gave way in what the model sees.
public struct CompactionRecord: Sendable, Hashable, Codable {
    /// The places of what gave way, among all that the model would have seen.
    public var replaced: [Int]
    /// What stands for it, at the first of the places; nil when it was dropped.
    public var summary: Item?
    /// What making the summary used.
    public var usage: Usage?

    public init(replaced: [Int], summary: Item? = nil, usage: Usage? = nil) {
        self.replaced = replaced
        self.summary = summary
        self.usage = usage
    }

    /// What the model sees in place of `items`.
    func applied(to items: [Item]) -> [Item] {
        let gone = Set(replaced)
        return items.enumerated().flatMap { place, item -> [Item] in
            if place == replaced.first { return summary.map { [$0] } ?? [] }
            return gone.contains(place) ? [] : [item]
        }
    }
}
