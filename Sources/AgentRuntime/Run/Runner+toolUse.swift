/// The steps at which a run may end, or rest, because of its tools or of whoever watches it.
extension Runner {
    /// Asks the agent whether the results of its tools are the end; the answer is in the log before it counts.
    func decideFinal<Context>(_ results: [FunctionToolResult], in run: RunInProgress<Context>) async throws {
        let state = run.state
        guard let decision = try await state.agent.toolsToFinalOutput?(results, run.publicContext(of: state)) else { return }
        try run.journal.record(.toolUse(ToolUseDecision(turn: state.turn, decision)))
    }

    /// Rests between two turns: the turn before is whole, and the session has it.
    func stopped<Context>(in run: RunInProgress<Context>) async throws -> RunResult {
        try await run.save(\.newItems)
        try await run.journal.settle()
        return RunResult(unfinished: run.state)
    }
}
