/// What a provider holds of a run whose conversation it keeps: computed from the log.
///
/// Items are known by their places in the run, so equal texts at two places are two items, and ids that no provider gave mean nothing.
struct ServerConversation: Sendable {
    /// The latest id that a response had.
    private(set) var latestResponseID: String?
    private var knownPlaces: Set<Int> = []

    /// - Parameters:
    ///   - sent: The places of what the request sent; nil for a request that was not part of the conversation.
    ///   - places: Those of the response's own items, which the provider knows because it made them.
    mutating func receive(_ response: ModelResponse, sent: [Int]?, places: Range<Int>) {
        guard let sent else { return }
        knownPlaces.formUnion(sent)
        knownPlaces.formUnion(places)
        if let id = response.id, id != Item.placeholderID { latestResponseID = id }
    }

    func unsent(of items: [Item]) -> [UnsentItem] {
        items.enumerated().filter { !knownPlaces.contains($0.offset) }.map { UnsentItem(place: $0.offset, item: $0.element) }
    }
}

/// An item that the provider has not seen.
struct UnsentItem: Sendable, Hashable {
    var place: Int
    var item: Item
}

extension [UnsentItem] {
    /// The places of those that are sent when a filter makes this of them; the others stay pending for a later request.
    ///
    /// An item that the filter changed counts as the first of its kind that it did not leave as it was.
    func places(of filtered: [Item]) -> [Int] {
        var pending = self
        var changed: [Item] = []
        for item in filtered {
            if let match = pending.firstIndex(where: { $0.item == item }) { pending.remove(at: match) } else { changed.append(item) }
        }
        for item in changed {
            if let match = pending.firstIndex(where: { $0.item.kind == item.kind }) { pending.remove(at: match) }
        }
        let hidden = Set(pending.map(\.place))
        return map(\.place).filter { !hidden.contains($0) }
    }
}

extension Item {
    /// What a changed item has in common with the one that it was.
    fileprivate var kind: [String] {
        switch self {
        case .message(let message): ["message", message.role.rawValue]
        case .functionCall(let call): ["function_call", call.callID]
        case .functionCallOutput(let output): ["function_call_output", output.callID]
        case .other(let json): [json["type"]?.string ?? "", json["call_id"]?.string ?? json["id"]?.string ?? ""]
        }
    }
}
