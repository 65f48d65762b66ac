extension AnyTool {
    /// Whether a call that was begun and cut off may be made again: it reads, it writes under a key, it says so, or it goes on from its own log.
    var mayBeRepeated: Bool {
        policy.effect != .external || policy.isIdempotent || isAgent
    }

    /// Whether a call is a run of an agent, whose events are in the log each by itself.
    var isAgent: Bool {
        if case .agent = origin { true } else { false }
    }
}
