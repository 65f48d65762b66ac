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
