/// Decides what an agent sees of the conversation that is handed to it.
public typealias HandoffInputFilter<Context: Sendable> = @Sendable (_ input: HandoffInput, _ run: RunContext<Context>) async throws -> HandoffInput

/// The conversation at a handoff; the other agent sees the three parts one after the other.
public struct HandoffInput: Sendable, Hashable {
    /// What came before the run, and the run's input.
    public var history: [Item]
    /// What came of the run before the response that hands over.
    public var earlierItems: [Item]
    /// The response that hands over, with the outputs of its calls.
    public var newItems: [Item]

    public init(history: [Item], earlierItems: [Item], newItems: [Item]) {
        self.history = history
        self.earlierItems = earlierItems
        self.newItems = newItems
    }

    /// Everything, in order.
    public var items: [Item] { history + earlierItems + newItems }

    /// The messages alone: without calls, their outputs, handoffs, reasoning and what hosted tools did.
    public func removingAllTools() -> HandoffInput {
        HandoffInput(history: history.filter(\.isMessage), earlierItems: earlierItems.filter(\.isMessage), newItems: newItems.filter(\.isMessage))
    }

    /// Everything as one message, which the other agent sees in place of it. A message of this kind that is in it already is taken apart, so
    /// that several handoffs give one list.
    /// - Parameter mapper: Makes what the other agent sees; nil for the message.
    public func nestingHistory(
        _ history: HandoffHistory = HandoffHistory(),
        mapper: (@Sendable (_ transcript: [Item]) async throws -> [Item])? = nil
    ) async throws -> HandoffInput {
        let transcript = history.flattened(items)
        let nested = try await mapper?(transcript) ?? [history.message(of: transcript)]
        return HandoffInput(history: nested, earlierItems: [], newItems: [])
    }
}

extension Item {
    fileprivate var isMessage: Bool {
        switch self {
        case .message: true
        case .functionCall, .functionCallOutput: false
        case .other(let json): json["type"]?.string ?? "message" == "message"
        }
    }
}
