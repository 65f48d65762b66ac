import Logging

/// One run under way: what its tools may know, how it was asked for, and where it is written down.
struct RunInProgress<Context: Sendable>: Sendable {
    let runner: Runner
    let context: Context
    let config: RunConfig<Context>
    let journal: RunJournal<Context>
    let keeper: SessionKeeper
    /// The run's own and those of the runs that it is part of.
    let accounts: [BudgetAccount]
    let passedOutputs = PassedOutputs()
    /// Nil when nobody is told of the run's spans.
    let trace: RunTrace?

    /// - Parameter budget: What the log already holds counts.
    init(
        runner: Runner,
        context: Context,
        config: RunConfig<Context>,
        journal: RunJournal<Context>,
        keeper: SessionKeeper,
        budget: Budget?,
        trace: RunTrace?
    ) {
        self.runner = runner
        self.context = context
        self.config = config
        self.journal = journal
        self.keeper = keeper
        self.trace = trace
        accounts = config.accounts + (budget.map { [BudgetAccount($0, used: Spending(journal.state.usage))] } ?? [])
    }

    var state: RunState<Context> { journal.state }

    /// What application code sees of the run at this moment.
    func publicContext(call: CallKey? = nil) -> RunContext<Context> {
        publicContext(of: state, call: call)
    }

    func publicContext(of state: RunState<Context>, call: CallKey? = nil) -> RunContext<Context> {
        RunContext(value: context, usage: state.usage, agentName: state.agent.name, turn: state.turn, call: call)
    }
}
