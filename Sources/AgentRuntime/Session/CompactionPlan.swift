/// Which parts of a conversation give way to a summary: decided from the conversation alone.
struct CompactionPlan: Sendable, Hashable {
    /// Places in the conversation, in order; never empty.
    let replaced: [Int]

    /// Nil when the conversation is within the budget, or nothing of it may give way that is no summary already.
    init?(for items: [Item], _ compaction: Compaction) {
        let turns = CompactionPlan.turns(of: items)
        let tokens = turns.map { turn in items[turn].reduce(0) { $0.addingSaturated(compaction.estimate($1)) } }
        guard tokens.reduce(0, { $0.addingSaturated($1) }) > compaction.budget else { return nil }
        let newest = turns.lastIndex { items[$0].contains(where: \.isOfUser) }
        let isFixed = turns.indices.map { $0 == newest || $0 == turns.count - 1 || items[turns[$0]].contains(where: \.isOfSystem) }
        var kept = zip(isFixed, tokens).reduce(0) { $1.0 ? $0.addingSaturated($1.1) : $0 }
        var replaced: [Int] = []
        for (place, turn) in turns.enumerated().reversed() where !isFixed[place] {
            let total = kept.addingSaturated(tokens[place])
            if replaced.isEmpty, total <= min(compaction.keptTokens, compaction.budget) { kept = total } else { replaced = turn + replaced }
        }
        guard replaced.contains(where: { !Summarizer.isSummary(items[$0]) }) else { return nil }
        self.replaced = replaced
    }

    /// The conversation cut wherever it may be cut: a message of its own, or what a model said with all that came of its calls.
    static func turns(of items: [Item]) -> [Range<Int>] {
        var turns: [Range<Int>] = []
        var start = 0
        var openCalls: Set<String> = []
        var isAnswered = true
        for (place, item) in items.enumerated() {
            let isModels = item.isOfModel || item.isOutput
            let begins = !isModels || (isAnswered && !item.isOutput)
            if begins, openCalls.isEmpty, place > start {
                turns.append(start..<place)
                start = place
            }
            if let call = item.callReference {
                if call.isOutput { openCalls.remove(call.id) } else { openCalls.insert(call.id) }
            }
            isAnswered = !isModels || item.isOutput
        }
        return items.isEmpty ? [] : turns + [start..<items.count]
    }
}

extension RunState {
    /// Nil when the model can see everything; what the provider keeps is not ours to shorten.
    var compactionPlan: CompactionPlan? {
        guard let compaction = config.compaction, !config.namesConversation else { return nil }
        return CompactionPlan(for: items, compaction)
    }
}

extension Item {
    fileprivate var isOfUser: Bool {
        if case .message(let message) = self { message.role == .user } else { false }
    }

    fileprivate var isOfSystem: Bool {
        if case .message(let message) = self { message.role == .system || message.role == .developer } else { false }
    }

    fileprivate var isOutput: Bool {
        switch self {
        case .functionCallOutput: true
        case .other(let json): (json["type"]?.string ?? "").hasSuffix("_output")
        case .message, .functionCall: false
        }
    }
}
