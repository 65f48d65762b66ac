import Logging

/// The steps around the model and the tools.
extension Runner {
    func begin<Context>(_ start: RunStart, in journal: RunJournal<Context>, keeper: SessionKeeper) async throws {
        guard !journal.state.hasStarted else { return try recordCalls(in: journal) }
        try journal.record(.start(start))
        try await keeper.saveInput(start.input)
    }

    func answer<Context>(_ calls: [ToolCall], with text: String, in journal: RunJournal<Context>) throws {
        for call in calls { try journal.record(.toolResult(ToolResult(of: call, status: .rejected, output: text))) }
    }

    func handOff<Context>(to handoff: Handoff<Context>, by call: ToolCall, in journal: RunJournal<Context>) throws {
        try journal.record(.handoff(HandoffRecord(from: journal.state.agent.name, to: handoff.agentName, call: call)))
    }

    func finish<Context>(with output: String, _ context: Context, in journal: RunJournal<Context>, keeper: SessionKeeper) async throws {
        try await check(output, context, in: journal)
        let state = journal.state
        guard !state.verdicts.contains(where: \.isTripped) else { return }
        try await keeper.save(state)
        try journal.record(.done(RunOutput(output: output, usage: state.usage)))
    }

    /// Gives up; the turns that are whole stay in the session.
    func fail<Context>(with error: RunError, in journal: RunJournal<Context>, keeper: SessionKeeper) async throws {
        if journal.state.isTurnWhole { try await keeper.save(journal.state) }
        throw error
    }

    /// The result that an ending stands for; throws the error of a run that ended without one.
    func result<Context>(of ending: RunEvent, in journal: RunJournal<Context>) async throws -> RunResult {
        try await journal.settle()
        let state = journal.state
        switch ending {
        case .done(let output):
            return RunResult(output: output.output, lastAgent: state.agent.name, newItems: state.transcript.newItems, usage: output.usage)
        case .error(let failure): throw RunError.failed(failure.message)
        default: throw CancellationError()
        }
    }

    /// Records how the run failed. A cancelled run has no end in its log: whoever cancelled it knows whether it goes on.
    func failed<Context>(with error: any Error, in journal: RunJournal<Context>) async -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        let cause = runError(from: error)
        guard journal.state.transcript.ending == nil else { return cause }
        do {
            try journal.record(.error(cause.failure))
            try await journal.settle()
        } catch {
            logger.error("a run's failure could not be recorded", metadata: ["run": "\(journal.log.run)", "error": "\(error)"])
        }
        return cause
    }

    private func runError(from error: any Error) -> RunError {
        switch error {
        case let error as RunError: error
        case let error as ModelError: .model(error)
        default: .failed(String(describing: error))
        }
    }

    func runContext<Context>(_ value: Context, _ state: RunState<Context>, call: CallKey? = nil) -> RunContext<Context> {
        RunContext(value: value, usage: state.usage, agentName: state.agent.name, turn: state.turn, call: call)
    }
}
