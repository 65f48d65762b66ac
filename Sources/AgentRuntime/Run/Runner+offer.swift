import Logging

extension Runner {
    /// What the model is offered now. The run goes on with the agent as it is at this moment.
    func offer<Context>(in run: RunInProgress<Context>) async throws -> [ToolDefinition] {
        let state = run.state
        let offer = try await ToolOffer(of: state.declaredAgent, in: run.publicContext(of: state))
        if let collision = offer.collisions.first, run.config.toolNameCollisionPolicy == .error { throw RunError.user(collision) }
        if state.response == nil {
            for warning in offer.collisions + offer.agent.handoffs.compactMap(\.nameWarning) { logger.warning("\(warning)") }
        }
        run.journal.goOn(with: offer.agent)
        return offer.definitions
    }

    /// Finds the tools that the calls of the log are about, before the run goes on with them.
    func findTools<Context>(in run: RunInProgress<Context>) async throws {
        let state = run.state
        guard state.transcript.ending == nil, !state.transcript.pendingCalls.isEmpty || !state.unrecordedCalls.isEmpty else { return }
        run.journal.goOn(with: try await ToolOffer(of: state.declaredAgent, in: run.publicContext(of: state)).agent)
    }
}

extension Handoff {
    /// That the agent's name lost more than its blanks on the way to the function's, so that two agents may end up with one.
    fileprivate var nameWarning: String? {
        guard toolName == Handoff.toolName(of: agentName) else { return nil }
        let isPlain = agentName.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.isFunctionNameLetter }
        return isPlain ? nil : "The agent '\(agentName)' is handed over to by '\(toolName)', where '_' stands for what a function's name cannot have."
    }
}
