/// What a run may use at most, the agents that run within its tool calls included.
///
/// Before each model call its worst case is reserved: the tokens of the input, and as many as the answer may have. The answer's limit
/// (`max_tokens`) is lowered to what is left, so that calls under way together cannot go over the budget. What was really used is
/// settled afterwards, and a call that has to wait for it waits.
public struct Budget: Sendable, Hashable {
    /// Input and output together; nil for no limit.
    public var tokens: Int?
    /// In billionths of the currency of the runner's price list; nil for no limit.
    public var cost: Int?

    public init(tokens: Int? = nil, cost: Int? = nil) {
        self.tokens = tokens
        self.cost = cost
    }

    /// Answers that are shorter are not worth a call; providers refuse such limits.
    static let shortestAnswer = 16
    /// What is reserved for an answer whose settings have no limit.
    static let usualAnswer = 4_096

    /// What may be used after so much, not below nothing.
    public func left(after used: Spending) -> Spending {
        Spending(tokens: tokens.map { max(0, $0 - used.tokens) } ?? .max, cost: cost.map { max(0, $0 - used.cost) } ?? .max)
    }

    func allows(_ spending: Spending) -> Bool {
        spending.tokens <= tokens ?? .max && spending.cost <= cost ?? .max
    }
}

/// Tokens, and what they cost.
public struct Spending: Sendable, Hashable {
    public var tokens: Int
    /// In billionths of the currency of a price list.
    public var cost: Int

    public init(tokens: Int = 0, cost: Int = 0) {
        self.tokens = tokens
        self.cost = cost
    }

    public init(_ usage: Usage) {
        self.init(tokens: usage.totalTokens, cost: usage.cost ?? 0)
    }

    public static func + (left: Spending, right: Spending) -> Spending {
        Spending(tokens: left.tokens.addingSaturated(right.tokens), cost: left.cost.addingSaturated(right.cost))
    }

    /// So often the same.
    static func * (spending: Spending, times: Int) -> Spending {
        Spending(tokens: spending.tokens.multipliedSaturated(by: times), cost: spending.cost.multipliedSaturated(by: times))
    }

    /// Not below nothing.
    public static func - (left: Spending, right: Spending) -> Spending {
        Spending(tokens: max(0, left.tokens - right.tokens), cost: max(0, left.cost - right.cost))
    }
}

extension Int {
    /// Stays at the largest or smallest number instead of going over it.
    func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    func multipliedSaturated(by other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
