/// What a run begins with, when a caller's function merges the session with the new input.
struct SessionInput {
    /// What the model sees.
    let items: [Item]
    /// Which of it is new, and so to be saved.
    let newItems: [Item]

    /// An item that equals one of the session counts as that one, except as many as are new; so the session is never saved again.
    init(merged items: [Item], history: [Item], newItems: [Item]) {
        var unclaimedNew = SessionInput.counts(of: newItems)
        var unclaimedOld = SessionInput.counts(of: history)
        var saved: [Item] = []
        for item in items.reversed() {
            if unclaimedNew.take(item) {
                saved.append(item)
            } else if !unclaimedOld.take(item) {
                saved.append(item)
            }
        }
        self.items = items
        self.newItems = saved.reversed()
    }

    private static func counts(of items: [Item]) -> [Item: Int] {
        items.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

extension [Item: Int] {
    /// Whether there was one of the item left.
    fileprivate mutating func take(_ item: Item) -> Bool {
        guard let count = self[item], count > 0 else { return false }
        self[item] = count - 1
        return true
    }
}
