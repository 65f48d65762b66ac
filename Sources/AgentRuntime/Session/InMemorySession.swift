/// A session that lives as long as the process.
public actor InMemorySession: Session {
    private var kept: [Item]

    public init(_ items: [Item] = []) {
        kept = items
    }

    public func items() -> [Item] { kept }

    public func append(_ items: [Item]) {
        kept += items
    }
}
