extension RunInProgress {
    /// Tells the run's hooks and the agent's own, together, and waits for both.
    func tell(
        _ agent: Agent<Context>,
        _ run: @escaping @Sendable (any RunHooks<Context>) async throws -> Void,
        own: @escaping @Sendable (any AgentHooks<Context>) async throws -> Void
    ) async throws {
        guard config.hooks != nil || agent.hooks != nil else { return }
        try await journal.settle()
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let hooks = config.hooks { group.addTask { try await run(hooks) } }
            if let hooks = agent.hooks { group.addTask { try await own(hooks) } }
            try await group.waitForAll()
        }
    }
}
