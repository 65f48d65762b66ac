/// What a model is about to see, for a filter that changes it.
public struct ModelInput: Sendable, Hashable {
    public var instructions: String?
    public var items: [Item]

    /// Of several items with one identity the latest counts, at the place of the first, so that reasoning stays before what follows from it.
    ///
    /// A call after the output of an earlier one is another call, whatever its id.
    func withoutRepetitions() -> ModelInput {
        var places: [String: Int] = [:]
        var kept: [Item] = []
        for item in items {
            guard let identity = item.identity else { kept.append(item); continue }
            if case .functionCall(let call) = item, places.removeValue(forKey: "output \(call.callID)") != nil { places[identity] = nil }
            if let place = places[identity] {
                kept[place] = item
            } else {
                places[identity] = kept.count
                kept.append(item)
            }
        }
        return ModelInput(instructions: instructions, items: kept)
    }
}

extension Item {
    /// Nil for an item that nothing tells from its equals.
    fileprivate var identity: String? {
        switch self {
        case .message(let message): message.id.map { "message \($0)" }
        case .functionCall(let call): "call \(call.callID)"
        case .functionCallOutput(let output): "output \(output.callID)"
        case .other(let json): (json["id"] ?? json["call_id"])?.string.map { "\(json["type"]?.string ?? "") \($0)" }
        }
    }
}
