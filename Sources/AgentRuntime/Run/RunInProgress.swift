import Logging

/// One run under way: what its tools may know, how it was asked for, and where it is written down.
struct RunInProgress<Context: Sendable>: Sendable {
    let runner: Runner
    let context: Context
    let config: RunConfig<Context>
    let journal: RunJournal<Context>
    let keeper: SessionKeeper
    let passedOutputs = PassedOutputs()

    var state: RunState<Context> { journal.state }

    /// What application code sees of the run at this moment.
    func publicContext(call: CallKey? = nil) -> RunContext<Context> {
        publicContext(of: state, call: call)
    }

    func publicContext(of state: RunState<Context>, call: CallKey? = nil) -> RunContext<Context> {
        RunContext(value: context, usage: state.usage, agentName: state.agent.name, turn: state.turn, call: call)
    }
}
