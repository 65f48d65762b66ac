extension RunConfig {
    /// What `agent` asks of a model: what is known of the model when nobody touched the agent's settings, and this run's over either.
    func settings(of agent: Agent<Context>, asking model: String) -> ModelSettings {
        let own = agent.settings == ModelSettings() ? .defaults(for: model) : agent.settings
        return own.overlaid(by: settings)
    }
}

extension RunState {
    /// Stands for the conversation at the provider's prompt cache: the same in every turn, and when the run goes on from its log.
    ///
    /// It tells nothing of what it was made from.
    func promptCacheGroup(of run: String) -> String {
        let source = config.promptCacheGroup ?? JSONValue.array([.string(run)] + transcript.input.map(\.json)).text
        // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
        let hash = source.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        return "agent-" + String(hash, radix: 16)
    }
}
