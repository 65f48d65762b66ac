/// The steps around calls that a person has to agree to.
extension Runner {
    /// Asks the tools' rules, and the run's limits, which of the calls must wait.
    func judge<Context>(_ calls: [ToolCall], in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        var check = ApprovalCheck(turn: state.turn, waiting: [])
        for call in calls {
            let rule = state.agent.tool(named: call.name)?.needsApproval ?? .never
            let isAsked = try await rule.holds(for: call.arguments, context)
            guard isAsked || state.exceedsDestructiveCalls(call, within: limits) else { check.cleared.append(call.index); continue }
            let isChecked = run.config.preApprovalToolInputGuardrails
            let verdict = isChecked ? try await ToolAttempt(call, state, in: run).preApproval() : nil
            if let verdict { try run.journal.record(verdict) } else { check.waiting.append(call.index) }
            if run.state.toolGuardrailTrip != nil { return }
        }
        if !check.waiting.isEmpty || !check.cleared.isEmpty { try run.journal.record(.approvalChecked(check)) }
    }

    /// Ends this part of the run: it goes on from its log once somebody has decided.
    func interrupted<Context>(by calls: [Interruption], in run: RunInProgress<Context>) async throws -> RunResult {
        try await run.journal.settle()
        return RunResult(unfinished: run.state, interruptions: calls)
    }
}
