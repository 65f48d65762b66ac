extension Transcript {
    /// The run's items without calls that have no output: what is fit to be kept when a run ends in the middle of a turn.
    ///
    /// Of the latest response that is its answered calls and what came with them; with no call answered, nothing.
    var finishedItems: [Item] {
        let latest = newItems.dropFirst(itemsBeforeResponse)
        let answered = Set(latest.compactMap { if case .functionCallOutput(let output) = $0 { output.callID } else { nil } })
        guard !answered.isEmpty else { return Array(newItems.prefix(itemsBeforeResponse)) }
        let isPartial = latest.contains { $0.isCall(exceptOf: answered) }
        return isPartial ? newItems.prefix(itemsBeforeResponse) + ConversationRepair.repaired(Array(latest)) : newItems
    }

    /// What came of the latest response.
    var lastTurn: [Item] { Array(newItems.dropFirst(itemsBeforeResponse)) }
}

extension Item {
    fileprivate func isCall(exceptOf callIDs: Set<String>) -> Bool {
        if case .functionCall(let call) = self { !callIDs.contains(call.callID) } else { false }
    }
}
