/// What waits to be exported, in order. What comes while it is full is counted and gone.
struct TraceQueue: Sendable {
    /// How much may wait.
    let limit: Int
    /// How much is exported at once.
    let batchLimit: Int
    private(set) var dropped = 0
    private var items: [TraceItem] = []

    init(limit: Int, batchLimit: Int) {
        self.limit = max(1, limit)
        self.batchLimit = max(1, batchLimit)
    }

    var count: Int { items.count }

    /// Whether there was room.
    mutating func add(_ item: TraceItem) -> Bool {
        guard items.count < limit else {
            drop(1)
            return false
        }
        items.append(item)
        return true
    }

    /// The items that have waited longest; nil when none waits.
    mutating func takeBatch() -> [TraceItem]? {
        guard !items.isEmpty else { return nil }
        let batch = Array(items.prefix(batchLimit))
        items.removeFirst(batch.count)
        return batch
    }

    /// Counts items that were taken and came to nothing.
    mutating func drop(_ count: Int) {
        dropped = dropped.addingSaturated(count)
    }

    /// Gives up what waits, and says how much that was.
    mutating func dropAll() -> Int {
        let count = items.count
        drop(count)
        items = []
        return count
    }
}
