extension Runner {
    /// All guardrails look at the input together; the first that trips cancels the others.
    func check<Context>(_ guardrails: [InputGuardrail<Context>], in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        try await record(
            guardrails.map { guardrail in
                {
                    let output = try await run.guardrail(guardrail.name) { try await guardrail.guardrailFunction(state.uncheckedInput, context) }
                    return GuardrailVerdict(guardrail.name, isInput: true, output)
                }
            }, in: run.journal)
    }

    /// All guardrails look at the final output together; the first that trips cancels the others.
    func check<Context>(_ output: FinalOutput, in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        let unchecked = state.agent.outputGuardrails.filter { guardrail in
            !state.verdicts.contains { !$0.isInput && $0.guardrail == guardrail.name }
        }
        try await record(
            unchecked.map { guardrail in
                {
                    let found = run.passedOutputs.found(in: output.text, by: guardrail.name)
                    let new =
                        if let found { found } else {
                            try await run.guardrail(guardrail.name) { try await guardrail.guardrailFunction(output.text, context) }
                        }
                    var verdict = GuardrailVerdict(guardrail.name, isInput: false, new, turn: state.turn)
                    if verdict.isTripped, output.isOfTool { verdict.replacement = run.config.blockedOutput(verdict) }
                    return verdict
                }
            }, in: run.journal)
    }

    /// The verdicts in the order in which they come.
    private func record<Context>(
        _ checks: [@Sendable () async throws -> GuardrailVerdict],
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
    init(_ name: String, isInput: Bool, _ output: GuardrailOutput, turn: Int? = nil) {
        self.init(
            guardrail: name, isInput: isInput, isTripped: output.reason != nil, reason: output.reason, turn: turn, info: output.info)
    }
}

extension RunConfig {
    fileprivate func blockedOutput(_ verdict: GuardrailVerdict) -> String {
        blockedOutputText?(verdict) ?? "Output withheld by an output guardrail."
    }
}
