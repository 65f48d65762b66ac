extension RunInProgress {
    /// Makes a request within what the run may still use, and gives the response with what it cost.
    ///
    /// The run's own budget counts what its log tells, so that a run which is resumed has the same one: tries that nobody answered are in no
    /// log, and count for the ledger alone.
    func withinBudget(
        _ request: ModelRequest,
        of model: String,
        _ work: (ModelRequest, UnansweredTries) async throws -> ModelResponse
    ) async throws -> ModelResponse {
        let price = runner.prices[model]
        let reserved = try await reserve(for: request, of: model, price)
        let tries = UnansweredTries()
        do {
            var response = try await work(reserved.request, tries)
            response.usage.cost = price?.cost(of: response.usage)
            settle(reserved, used: Spending(response.usage), unanswered: tries)
            return response
        } catch {
            // Of an answer that broke off nobody says what it used.
            var used: Spending?
            if let error = error as? ModelError, error.charge != .answer {
                tries.note(error)
                used = Spending()
            }
            settle(reserved, used: used, unanswered: tries)
            throw error
        }
    }

    /// A request, and what was taken for it from those who have a say.
    private struct Reserved {
        var request: ModelRequest
        /// What each try that nobody answers counts for the ledger.
        var input = Spending()
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
                let wanted = reserved.request.budget(after: state, price)
                let reservation = try await ledger.reserve(wanted)
                reserved.input = wanted.input
                reserved.fromLedger = reservation
                reserved.request.settings.maxTokens = reservation.answerTokens
            }
        } catch {
            settle(reserved, used: Spending(), unanswered: UnansweredTries())
            throw error
        }
        return reserved
    }

    /// - Parameter used: Nil for all that was reserved.
    private func settle(_ reserved: Reserved, used: Spending?, unanswered: UnansweredTries) {
        for (account, amount) in reserved.fromAccounts { account.settle(amount, used: used ?? amount) }
        guard let reservation = reserved.fromLedger else { return }
        config.ledger?.settle(reservation, used: (used ?? reservation.spending) + reserved.input * unanswered.count)
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
