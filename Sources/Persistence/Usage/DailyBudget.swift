public import AgentRuntime

/// What one person may use in a day, by all their runs on all processes together.
public struct DailyBudget: BudgetLedger {
    private let budget: Budget
    private let owner: String
    private let instance: Instance
    private let usage: UsageStore

    public init(_ budget: Budget, of owner: String, by instance: Instance, in usage: UsageStore) {
        self.budget = budget
        self.owner = owner
        self.instance = instance
        self.usage = usage
    }

    public var limitsCost: Bool { budget.cost != nil }

    public func reserve(_ request: BudgetRequest) async throws -> BudgetReservation {
        guard let reservation = try await usage.reserve(request, of: owner, within: budget, by: instance) else {
            throw RunError.budgetUsedUp("What you may use in a day is used up. Tomorrow there is more.")
        }
        return reservation
    }

    public func settle(_ reservation: BudgetReservation, used: Spending) {
        usage.settle(reservation, used: used)
    }
}
