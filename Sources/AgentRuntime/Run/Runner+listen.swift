extension Runner {
    /// Passes on what the model says, as far as no guardrail holds it back, and gives the whole response.
    func listen<Context>(to events: ModelEvents, noting tries: UnansweredTries, in run: RunInProgress<Context>) async throws -> ModelResponse {
        var held = HeldText(behind: run.state.agent.outputGuardrails)
        for try await event in events {
            switch event {
            case .textDelta(let text):
                try await pass(held.receive(text), in: run)
                try await release(&held, in: run)
            case .reasoningDelta(let text): try await run.journal.say(.reasoning(text))
            case .retrying(let error): tries.note(error)
            case .completed(let response):
                try await pass(held.end(with: response.shownText), in: run)
                try await release(&held, in: run)
                return response
            }
        }
        try Task.checkCancellation()
        throw ModelError.malformed("it ended without a response")
    }

    private func release<Context>(_ held: inout HeldText<Context>, in run: RunInProgress<Context>) async throws {
        if let text = held.release() { try await run.journal.say(.delta(text)) }
        guard let limit = limits.text else { return }
        if run.journal.textBytes + held.heldBytes > limit { throw RunError.limitReached("The answer grew over \(limit) bytes.") }
    }

    /// The guardrails look together; the first that trips ends the response.
    private func pass<Context>(_ checks: [HeldText<Context>.Check], in run: RunInProgress<Context>) async throws {
        guard !checks.isEmpty else { return }
        let state = run.state
        let context = run.publicContext(of: state)
        try await withThrowingTaskGroup(of: GuardrailVerdict.self) { group in
            for check in checks {
                group.addTask {
                    let output = try await run.guardrail(check.guardrail.name) { try await check.guardrail.guardrailFunction(check.text, context) }
                    if output.reason == nil { run.passedOutputs.note(check.text, output, by: check.guardrail.name) }
                    return GuardrailVerdict(check.guardrail.name, isInput: false, output, turn: state.turn + 1)
                }
            }
            for try await verdict in group where verdict.isTripped {
                try run.journal.record(.guardrail(verdict))
                throw RunError.outputGuardrailTripped(verdict)
            }
        }
    }
}

extension ModelResponse {
    /// The text of all messages, which is what a stream of it shows.
    fileprivate var shownText: String {
        items.compactMap { if case .message(let message) = $0 { message.text } else { nil } }.joined()
    }
}
