extension RunResult {
    /// The whole conversation, as the input of another run.
    public func inputItems(_ mode: InputItemsMode = .preserveAll) -> [Item] {
        switch mode {
        case .preserveAll: opening + newItems
        case .normalized: modelItems
        }
    }
}

/// Which conversation a result gives on.
public enum InputItemsMode: Sendable, Hashable {
    /// What came before the run, its input, and all that came of it.
    case preserveAll
    /// What the model would see next: with what filters, nested history and compaction made of it.
    case normalized
}
