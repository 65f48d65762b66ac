/// What somebody may use over many runs, kept where every process that carries out runs of theirs sees it.
///
/// Before each model call of a run, its worst case is reserved here, after the run's own budget; what was really used is settled afterwards.
/// Of a request that was sent and not answered nobody says what the provider charges: its input counts as it was reserved. Requests that are
/// made again are not reserved for, so that what all use can exceed the limit, by the inputs of those that calls under way at once make again.
public protocol BudgetLedger: Sendable {
    /// Whether money is limited, so that a model without a price cannot be asked.
    var limitsCost: Bool { get }

    /// Takes what a model call may use out of what is left; the answer may get less than it wants. Throws `RunError.budgetUsedUp`.
    func reserve(_ request: BudgetRequest) async throws -> BudgetReservation

    /// Gives back what was reserved, less what was used. It returns at once, and holds even where the run was cancelled.
    func settle(_ reservation: BudgetReservation, used: Spending)
}

/// What a model call may use.
public struct BudgetRequest: Sendable, Hashable {
    /// At least what the provider will count.
    public let inputTokens: Int
    /// The longest answer that is wanted.
    public let answerTokens: Int
    public let price: ModelPrice?

    public init(inputTokens: Int, answerTokens: Int, price: ModelPrice? = nil) {
        self.inputTokens = inputTokens
        self.answerTokens = answerTokens
        self.price = price
    }

    /// What is taken for the input alone.
    var input: Spending { Spending(tokens: inputTokens, cost: inputTokens.multipliedSaturated(by: price?.input ?? 0)) }

    /// The longest answer that what is left allows, up to the wanted one, and all that is then used at most; nil when it is not worth a call.
    public func fitting(_ left: Spending) -> (answerTokens: Int, spending: Spending)? {
        let afterInput = left - input
        let affordable = price.map { $0.output > 0 ? afterInput.cost / $0.output : .max } ?? .max
        let answer = min(answerTokens, afterInput.tokens, affordable)
        guard answer >= min(Budget.shortestAnswer, answerTokens) else { return nil }
        return (answer, input + Spending(tokens: answer, cost: answer.multipliedSaturated(by: price?.output ?? 0)))
    }
}

/// What was taken for one model call.
public struct BudgetReservation: Sendable, Hashable {
    public let id: String
    /// The longest answer that the call may ask for.
    public let answerTokens: Int
    /// What the call may use with it.
    public let spending: Spending

    public init(id: String, answerTokens: Int, spending: Spending) {
        self.id = id
        self.answerTokens = answerTokens
        self.spending = spending
    }
}
