extension RunInProgress {
    /// Makes a request within what the run may still use, and gives the response with what it cost.
    func withinBudget(
        _ request: ModelRequest,
        of model: String,
        _ work: (ModelRequest) async throws -> ModelResponse
    ) async throws -> ModelResponse {
        let price = runner.prices[model]
        let (request, reservations) = try await reserve(for: request, of: model, price)
        do {
            var response = try await work(request)
            response.usage.cost = price?.cost(of: response.usage)
            for (account, amount) in reservations { account.settle(amount, used: Spending(response.usage)) }
            return response
        } catch {
            // Of an answer that broke off nobody says what it used.
            for (account, amount) in reservations { account.settle(amount, used: error.isBeforeAnyAnswer ? Spending() : amount) }
            throw error
        }
    }

    private func reserve(
        for request: ModelRequest,
        of model: String,
        _ price: ModelPrice?
    ) async throws -> (request: ModelRequest, reservations: [(BudgetAccount, Spending)]) {
        var request = request
        var reservations: [(BudgetAccount, Spending)] = []
        do {
            for account in accounts {
                if account.budget.cost != nil, price == nil { throw RunError.user("The price list has no price for the model '\(model)'.") }
                let amount = try account.worstCase(of: &request, after: state, price)
                try await account.reserve(amount)
                reservations.append((account, amount))
            }
        } catch {
            for (account, amount) in reservations { account.settle(amount, used: Spending()) }
            throw error
        }
        return (request, reservations)
    }
}

extension BudgetAccount {
    /// What the request may use; the limit of its answer is lowered to what is left.
    fileprivate func worstCase<Context>(of request: inout ModelRequest, after state: RunState<Context>, _ price: ModelPrice?) throws -> Spending {
        let input = request.inputTokens(after: state)
        let inputCost = input.multipliedSaturated(by: price?.input ?? 0)
        let wanted = request.settings.maxTokens ?? Budget.usualAnswer
        let left = budget.left(after: used + Spending(tokens: input, cost: inputCost))
        let affordable = price.map { $0.output > 0 ? left.cost / $0.output : .max } ?? .max
        let answer = min(wanted, left.tokens, affordable)
        guard answer >= min(Budget.shortestAnswer, wanted) else { throw RunError.budgetExceeded }
        request.settings.maxTokens = answer
        let answerCost = answer.multipliedSaturated(by: price?.output ?? 0)
        return Spending(tokens: input.addingSaturated(answer), cost: inputCost.addingSaturated(answerCost))
    }
}

extension ModelRequest {
    /// At least what the input will be counted as: a token is a byte or more, and what the latest response went through is known.
    fileprivate func inputTokens<Context>(after state: RunState<Context>) -> Int {
        if let response = state.response, response.usage.inputTokens > 0, state.config.modelInputFilter == nil, !state.isCompacted {
            return response.usage.inputTokens.addingSaturated(response.usage.outputTokens) + state.itemsSinceResponse.byteCount
        }
        let definitions = tools.reduce(0) { $0 + $1.name.utf8.count + $1.description.utf8.count + $1.parameters.bytes.count }
        return input.byteCount + (instructions?.utf8.count ?? 0) + definitions
    }
}

extension Sequence<Item> {
    fileprivate var byteCount: Int { reduce(0) { $0 + $1.json.bytes.count } }
}

extension Error {
    /// Whether a model call failed before the provider had done any work that it charges for.
    fileprivate var isBeforeAnyAnswer: Bool {
        switch self as? ModelError {
        case .http, .transport: true
        default: false
        }
    }
}
