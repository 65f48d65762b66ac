extension Runner {
    /// All guardrails look at the input together; the first that trips cancels the others.
    func check<Context>(_ guardrails: [InputGuardrail<Context>], in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        try await verdicts(
            of: guardrails.map { guardrail in
                { @Sendable in GuardrailVerdict(guardrail.name, isInput: true, reason: try await guardrail.check(state.transcript.input, context)) }
            }, in: run.journal)
    }

    func check<Context>(_ output: String, in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        let unchecked = state.agent.outputGuardrails.filter { guardrail in !state.verdicts.contains { !$0.isInput && $0.guardrail == guardrail.name }
        }
        try await verdicts(
            of: unchecked.map { guardrail in
                { @Sendable in
                    let isPassed = run.passedOutputs.holds(output, of: guardrail.name)
                    let reason = isPassed ? nil : try await guardrail.check(output, context)
                    return GuardrailVerdict(guardrail.name, isInput: false, reason: reason, turn: state.turn)
                }
            }, in: run.journal)
    }

    private func verdicts<Context>(
        of checks: [@Sendable () async throws -> GuardrailVerdict],
        in journal: RunJournal<Context>
    ) async throws {
        try await withThrowingTaskGroup(of: GuardrailVerdict.self) { group in
            for check in checks { group.addTask(operation: check) }
            for try await verdict in group {
                try journal.record(.guardrail(verdict))
                if verdict.isTripped { group.cancelAll(); return }
            }
        }
    }
}

extension GuardrailVerdict {
    init(_ name: String, isInput: Bool, reason: String?, turn: Int? = nil) {
        self.init(guardrail: name, isInput: isInput, isTripped: reason != nil, reason: reason, turn: turn)
    }
}
