/// What the tokens of one model cost, each in billionths of a unit of the currency.
public struct ModelPrice: Sendable, Hashable {
    public var input: Int
    /// Of input tokens that the provider had cached.
    public var cachedInput: Int
    public var output: Int

    public init(input: Int, cachedInput: Int? = nil, output: Int) {
        self.input = input
        self.cachedInput = cachedInput ?? input
        self.output = output
    }

    /// In billionths of a unit of the currency; holds at `Int.max`.
    public func cost(of usage: Usage) -> Int {
        let cached = min(usage.cachedTokens, usage.inputTokens)
        return (usage.inputTokens - cached).multipliedSaturated(by: input)
            .addingSaturated(cached.multipliedSaturated(by: cachedInput))
            .addingSaturated(usage.outputTokens.multipliedSaturated(by: output))
    }
}

/// What models cost.
public struct PriceList: Sendable, Hashable {
    private let prices: [String: ModelPrice]

    public init(_ prices: [String: ModelPrice] = [:]) {
        self.prices = prices
    }

    /// Reads `{"gpt-5-mini": {"input": 0.25, "cached_input": 0.025, "output": 2}}`: money for a million tokens, to three places.
    ///
    /// Throws `PriceListError` for anything else.
    public init(json: String) throws {
        guard let models = try? JSONValue(json: json).object else {
            throw PriceListError(description: "A price list is a JSON object of models, each with 'input' and 'output'.")
        }
        prices = try Dictionary(uniqueKeysWithValues: models.map { model, price in (model, try ModelPrice(price, of: model)) })
    }

    /// The price of the model, or of the one that it is a dated version of; nil when the list has neither.
    public subscript(model: String) -> ModelPrice? {
        if let price = prices[model] { return price }
        let family = prices.keys.filter { model.hasPrefix($0 + "-") }.max { $0.utf8.count < $1.utf8.count }
        return family.flatMap { prices[$0] }
    }
}

/// A price list that cannot be used.
public struct PriceListError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension ModelPrice {
    fileprivate init(_ json: JSONValue, of model: String) throws {
        guard let members = json.object, Set(members.keys).isSubset(of: ["input", "cached_input", "output"]) else {
            throw PriceListError(description: "The price of '\(model)' must be an object with 'input', 'output' and perhaps 'cached_input'.")
        }
        func price(_ key: String) throws -> Int? {
            guard let value = members[key] else { return nil }
            guard let number = value.double, (0...1_000_000).contains(number) else {
                throw PriceListError(description: "The '\(key)' of '\(model)' must be a number from 0 to 1000000, for a million tokens.")
            }
            return Int(exactly: (number * 1_000).rounded())
        }
        guard let input = try price("input"), let output = try price("output") else {
            throw PriceListError(description: "The price of '\(model)' needs 'input' and 'output'.")
        }
        self.init(input: input, cachedInput: try price("cached_input"), output: output)
    }
}
