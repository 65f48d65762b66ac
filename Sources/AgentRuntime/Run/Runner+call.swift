extension Runner {
    /// Calls run together and their results are recorded in call order, those of finished calls also when another one ends the run.
    func call<Context>(_ calls: [ToolCall], in run: RunInProgress<Context>) async throws {
        try Task.checkCancellation()
        let (journal, state) = (run.journal, run.state)
        let attempts = try await attempts(at: calls, state, in: run)
        for attempt in attempts where attempt.isEnabled && state.mustAnnounce(attempt.call) { try journal.record(.toolStarted(attempt.start)) }
        if calls.contains(where: { state.effect(of: $0) == .external }) { try await journal.settle() }
        let (made, failure) = await journal.showing { await self.outcomes(of: attempts) }
        let outcomes = made ?? []
        for outcome in outcomes { if let result = outcome.result { try journal.record(.toolResult(result)) } }
        let asking = zip(calls, outcomes).filter(\.1.needsApproval).map(\.0.index)
        if !asking.isEmpty { try journal.record(.approvalChecked(ApprovalCheck(turn: state.turn, waiting: asking, isAgain: true))) }
        let worst = outcomes.filter { $0.error != nil }.min { $0.rank < $1.rank }
        if let trip = worst?.trip { try journal.record(.toolGuardrail(trip)) }
        if let failure { throw failure }
        try await journal.settle()
        try Task.checkCancellation()
        if let error = worst?.error { throw error is CancellationError ? RunError.failed("A call was cancelled from within.") : error }
    }

    /// The tools are asked together whether they are switched on, before any call is made; one that throws fails the run.
    private func attempts<Context>(
        at calls: [ToolCall],
        _ state: RunState<Context>,
        in run: RunInProgress<Context>
    ) async throws -> [ToolAttempt<Context>] {
        try await withThrowingTaskGroup(of: (Int, ToolAttempt<Context>).self) { group in
            for (place, call) in calls.enumerated() {
                group.addTask {
                    var attempt = ToolAttempt(call, state, in: run)
                    attempt.isEnabled = try await attempt.tool?.isEnabled?(attempt.context) ?? true
                    return (place, attempt)
                }
            }
            let attempts = try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return calls.indices.compactMap { attempts[$0] }
        }
    }

    /// The first call that ends the run cancels the others; the end of a call that is over is never cancelled with them.
    private func outcomes<Context>(of attempts: [ToolAttempt<Context>]) async -> [ToolAttempt<Context>.Outcome] {
        await withTaskGroup(of: (Int, ToolAttempt<Context>.Outcome).self) { endings in
            await withTaskGroup(of: (Int, ToolAttempt<Context>.Outcome).self) { calls in
                for (place, attempt) in attempts.enumerated() { calls.addTask { (place, await attempt.measured()) } }
                for await (place, outcome) in calls {
                    if outcome.error != nil { calls.cancelAll() }
                    endings.addTask { (place, await attempts[place].end(with: outcome)) }
                }
            }
            let outcomes = await endings.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return attempts.indices.compactMap { outcomes[$0] }
        }
    }
}
