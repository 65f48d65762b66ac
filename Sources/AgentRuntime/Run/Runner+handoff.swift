extension Runner {
    func handOff<Context>(to handoff: Handoff<Context>, by call: ToolCall, in run: RunInProgress<Context>) async throws {
        try await run.handoff(to: handoff.agentName) { try await carryOut(handoff, by: call, in: run) }
    }

    /// The callback, the hooks and the filter come first: a handoff that one of them fails did not happen.
    private func carryOut<Context>(_ handoff: Handoff<Context>, by call: ToolCall, in run: RunInProgress<Context>) async throws {
        let state = run.state
        let context = run.publicContext(of: state)
        guard try await handoff.isEnabled?(context) ?? true else {
            return try run.journal.record(.toolResult(ToolResult(of: call, status: .failed, output: "Tool '\(handoff.toolName)' is not enabled.")))
        }
        let filter = try run.inputFilter(of: handoff, by: state.agent)
        try await handoff.onHandoff?(handoff.input(of: call), context)
        let (source, target) = (state.agent, handoff.target())
        try await run.tell(source) {
            try await $0.onHandoff(from: source, to: target, context)
        } own: {
            try await $0.onHandoff(from: source, to: target, context)
        }
        var record = HandoffRecord(from: source.name, to: handoff.agentName, call: call)
        if let filter {
            record.modelInput = try await filter(state.input(of: record), context).items
        }
        try run.journal.record(.handoff(record))
    }
}
