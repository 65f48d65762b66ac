extension Runner {
    /// All guardrails look at the input together; the first that trips cancels the others.
    func check<Context>(_ guardrails: [InputGuardrail<Context>], _ context: Context, in journal: RunJournal<Context>) async throws {
        let state = journal.state
        let run = runContext(context, state)
        try await verdicts(of: guardrails.map { guardrail in
            { @Sendable in GuardrailVerdict(guardrail.name, isInput: true, reason: try await guardrail.check(state.transcript.input, run)) }
        }, in: journal)
    }

    func check<Context>(_ output: String, _ context: Context, in journal: RunJournal<Context>) async throws {
        let state = journal.state
        let run = runContext(context, state)
        let unchecked = state.agent.outputGuardrails.filter { guardrail in !state.verdicts.contains { !$0.isInput && $0.guardrail == guardrail.name } }
        try await verdicts(of: unchecked.map { guardrail in
            { @Sendable in GuardrailVerdict(guardrail.name, isInput: false, reason: try await guardrail.check(output, run)) }
        }, in: journal)
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
    fileprivate init(_ name: String, isInput: Bool, reason: String?) {
        self.init(guardrail: name, isInput: isInput, isTripped: reason != nil, reason: reason)
    }
}
