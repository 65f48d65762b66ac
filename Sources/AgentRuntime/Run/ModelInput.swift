/// What a model is about to see, for a filter that changes it.
public struct ModelInput: Sendable, Hashable {
    public var instructions: String?
    public var items: [Item]

    /// Of several outputs of one call the latest counts, at the place of the first.
    func withoutRepeatedOutputs() -> ModelInput {
        var places: [String: Int] = [:]
        var kept: [Item] = []
        for item in items {
            guard case .functionCallOutput(let output) = item else { kept.append(item); continue }
            if let place = places[output.callID] {
                kept[place] = item
            } else {
                places[output.callID] = kept.count
                kept.append(item)
            }
        }
        return ModelInput(instructions: instructions, items: kept)
    }
}
