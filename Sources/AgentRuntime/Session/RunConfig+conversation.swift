import Logging

extension RunConfig {
    /// Whether the run is part of a conversation that a provider keeps, with a model whose provider can.
    func isConversationKept(by model: any Model) -> Bool {
        namesConversation && model.keepsConversations
    }

    var namesConversation: Bool {
        conversationID != nil || previousResponseID != nil || autoPreviousResponseID
    }

    /// What the next request goes on from.
    func previousResponseID(after conversation: ServerConversation) -> String? {
        let isChained = previousResponseID != nil || autoPreviousResponseID
        return isChained ? conversation.latestResponseID ?? previousResponseID : nil
    }

    /// What a provider keeps cannot be taken back or put together anew.
    func checkConversation(of agent: Agent<Context>, with model: any Model) throws(RunError) {
        guard isConversationKept(by: agent.model ?? model) else { return }
        guard agent.outputGuardrails.isEmpty else {
            throw .user("Output guardrails cannot withhold what the provider keeps: leave out the guardrails or the provider's conversation.")
        }
    }

    /// A run has one memory.
    func checkMemory(hasSession: Bool) throws(RunError) {
        guard namesConversation else { return }
        guard !hasSession else { throw .user("A run goes on from a session or from a conversation that the provider keeps, not from both.") }
        guard conversationID == nil || (previousResponseID == nil && !autoPreviousResponseID) else {
            throw .user("A run goes on from a conversation or from a response, not from both.")
        }
    }
}

extension Runner {
    /// Refuses a run whose memory is put together wrongly, and says which of it has no effect.
    func checkMemory<Context>(of agent: Agent<Context>, _ config: RunConfig<Context>, hasSession: Bool) throws(RunError) {
        try config.checkMemory(hasSession: hasSession)
        try config.checkConversation(of: config.configured(agent), with: model)
        guard config.namesConversation else { return }
        if !config.isConversationKept(by: config.model ?? agent.model ?? model) {
            logger.warning("the provider's conversation is ignored: the model does not know of any", metadata: ["agent": "\(agent.name)"])
        } else if config.nestsHandoffHistory {
            logger.warning("handoff history is not nested in a conversation that the provider keeps", metadata: ["agent": "\(agent.name)"])
        }
    }
}

extension RunInProgress {
    /// What the other agent is to see: by the handoff's own filter, else by the run's, else as the run nests history. Nil for everything.
    func inputFilter(of handoff: Handoff<Context>, by agent: Agent<Context>) throws(RunError) -> HandoffInputFilter<Context>? {
        let filter = handoff.inputFilter ?? config.handoffInputFilter
        if config.isConversationKept(by: agent.model ?? runner.model) {
            guard filter == nil else { throw .user("The handoff '\(handoff.toolName)' cannot filter what the provider keeps.") }
            return nil
        }
        guard filter == nil, config.nestsHandoffHistory else { return filter }
        return { [config] input, _ in
            try await input.nestingHistory(config.handoffHistory, mapper: config.handoffHistoryMapper)
        }
    }
}
