/// What a run takes from a session, and what it leaves there.
public struct SessionSettings: Sendable, Hashable {
    /// How many of the newest items a run begins with; nil for all.
    public var limit: Int?
    /// Whether items keep the ids that a provider gave them; nil for keeping them.
    public var itemIDs: ItemIDPolicy?

    public init(limit: Int? = nil, itemIDs: ItemIDPolicy? = nil) {
        self.limit = limit
        self.itemIDs = itemIDs
    }

    /// These settings, with each that `override` sets taken from it.
    public func overlaid(by override: SessionSettings?) -> SessionSettings {
        SessionSettings(limit: override?.limit ?? limit, itemIDs: override?.itemIDs ?? itemIDs)
    }
}

/// What happens to the ids that a provider gives to its items.
public enum ItemIDPolicy: Sendable, Hashable {
    case preserve, omit
}
