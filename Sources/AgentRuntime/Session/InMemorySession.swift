/// A session that lives as long as the process.
public actor InMemorySession: Session {
    public nonisolated let settings: SessionSettings
    private var kept: [Item]

    public init(_ items: [Item] = [], settings: SessionSettings = SessionSettings()) {
        kept = items
        self.settings = settings
    }

    public func items() -> [Item] { kept }

    public func append(_ items: [Item]) {
        kept += items
    }

    public func pop() -> Item? {
        kept.popLast()
    }

    public func clear() {
        kept = []
    }

    public func replaceOldest(_ count: Int, with items: [Item]) {
        kept = items + kept.dropFirst(count)
    }
}
