/// What a new run of a conversation begins with: the fold of the earlier runs' logs, in order.
///
/// Where turns gave way in one of them, the summary stands for them from there on, so that no later run has to make it again. What people
/// read of the conversation is not this.
public struct ConversationHistory: Sendable, Hashable {
    public private(set) var items: [Item] = []
    /// The agent that spoke last; nil before the first run.
    public private(set) var lastAgent: String?

    public init() {}

    /// Adds what a run came to, from all that it decided.
    public mutating func add(_ events: some Sequence<RunEvent>) {
        var run = RunView(history: items)
        for event in events { run.apply(event) }
        items = run.items
        lastAgent = run.agent ?? lastAgent
    }
}

/// What the model saw of one run and of everything before it.
private struct RunView {
    private var opening: [Item]
    private var transcript = Transcript()
    /// What a compaction made of everything before it, and how many of the run's own items that stands for.
    private var compacted: (items: [Item], count: Int)?
    /// Whether an agent was handed something else than the conversation: places among what it saw are none of the conversation's.
    private var isFiltered = false
    private(set) var agent: String?

    init(history: [Item]) {
        opening = history
    }

    /// Everything, with outputs for calls that never got one.
    var items: [Item] {
        let own = transcript.items.dropFirst(transcript.input.count)
        return compacted.map { $0.items + own.dropFirst($0.count) } ?? opening + own
    }

    mutating func apply(_ event: RunEvent) {
        switch event {
        case .start(let start):
            agent = start.agent
            isFiltered = start.modelInput != nil
            opening = ConversationRepair.repaired(opening + start.input)
        case .handoff(let handoff):
            agent = handoff.to
            isFiltered = isFiltered || handoff.modelInput != nil
        case .compaction(let record) where !isFiltered:
            let own = transcript.newItems + transcript.addedInput
            let seen = compacted.map { $0.items + own.dropFirst($0.count) } ?? opening + own
            compacted = (record.applied(to: seen), own.count)
        default: break
        }
        transcript.apply(event)
    }
}
