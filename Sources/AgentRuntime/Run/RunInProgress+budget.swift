extension RunInProgress {
    /// Makes a request within what the run may still use, and gives the response with what it cost.
    func withinBudget(
        _ request: ModelRequest,
        of model: String,
        _ work: (ModelRequest) async throws -> ModelResponse
    ) async throws -> ModelResponse {
        let price = runner.prices[model]
        let reserved = try await reserve(for: request, of: model, price)
        do {
            var response = try await work(reserved.request)
            response.usage.cost = price?.cost(of: response.usage)
            settle(reserved, used: Spending(response.usage))
            return response
        } catch {
            // Of an answer that broke off nobody says what it used.
            settle(reserved, used: error.isBeforeAnyAnswer ? Spending() : nil)
            throw error
        }
    }

    /// A request, and what was taken for it from those who have a say.
    private struct Reserved {
        var request: ModelRequest
        var fromAccounts: [(account: BudgetAccount, amount: Spending)] = []
        var fromLedger: BudgetReservation?
    }

    private func reserve(for request: ModelRequest, of model: String, _ price: ModelPrice?) async throws -> Reserved {
        var reserved = Reserved(request: request)
        do {
            for account in accounts {
                try check(price, of: model, isNeeded: account.budget.cost != nil)
                let left = account.budget.left(after: account.used)
                guard let (answer, amount) = reserved.request.budget(after: state, price).fitting(left) else { throw RunError.budgetExceeded }
                reserved.request.settings.maxTokens = answer
                try await account.reserve(amount)
                reserved.fromAccounts.append((account, amount))
            }
            if let ledger = config.ledger {
                try check(price, of: model, isNeeded: ledger.limitsCost)
                let reservation = try await ledger.reserve(reserved.request.budget(after: state, price))
                reserved.fromLedger = reservation
                reserved.request.settings.maxTokens = reservation.answerTokens
            }
        } catch {
            settle(reserved, used: Spending())
            throw error
        }
        return reserved
    }

    /// - Parameter used: Nil for all that was reserved.
    private func settle(_ reserved: Reserved, used: Spending?) {
        for (account, amount) in reserved.fromAccounts { account.settle(amount, used: used ?? amount) }
        if let reservation = reserved.fromLedger { config.ledger?.settle(reservation, used: used ?? reservation.spending) }
    }

    private func check(_ price: ModelPrice?, of model: String, isNeeded: Bool) throws(RunError) {
        if isNeeded, price == nil { throw .user("The price list has no price for the model '\(model)'.") }
    }
}

extension ModelRequest {
    /// What the request may use.
    fileprivate func budget<Context>(after state: RunState<Context>, _ price: ModelPrice?) -> BudgetRequest {
        BudgetRequest(inputTokens: inputTokens(after: state), answerTokens: settings.maxTokens ?? Budget.usualAnswer, price: price)
    }

    /// At least what the input will be counted as: a token is a byte or more, and what the latest response went through is known.
    private func inputTokens<Context>(after state: RunState<Context>) -> Int {
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
        case .http, .transport, .circuitOpen: true
        default: false
        }
    }
}
