/// A conversation that a caller keeps between runs.
///
/// The runner reads it once at the start of a run, appends the new input at once, and each turn when it is whole, so that a session never
/// holds a call without its output.
public protocol Session: Sendable {
    /// What holds for each run of the session; a run's own settings come first.
    var settings: SessionSettings { get }

    /// Everything, oldest first.
    func items() async throws -> [Item]

    /// The newest items, oldest first.
    /// - Parameter limit: Nil for the limit of the settings.
    func items(limit: Int?) async throws -> [Item]

    /// How many items there are, whatever the limit.
    func count() async throws -> Int

    func append(_ items: [Item]) async throws

    /// Removes the newest item and gives it; nil when there is none.
    func pop() async throws -> Item?

    func clear() async throws

    /// Puts `items` in the place of the `count` oldest; when it throws, everything is as it was.
    func replaceOldest(_ count: Int, with items: [Item]) async throws

    /// Told when a run has ended well and all of it is in.
    /// - Parameter lastTurn: What came of the run's last turn.
    func runEnded(lastTurn: [Item]) async throws
}

extension Session {
    public var settings: SessionSettings { SessionSettings() }

    public func items(limit: Int?) async throws -> [Item] {
        let items = try await items()
        return (limit ?? settings.limit).map { Array(items.suffix(max(0, $0))) } ?? items
    }

    public func count() async throws -> Int {
        try await items().count
    }

    public func replaceOldest(_ count: Int, with items: [Item]) async throws {
        let before = try await self.items()
        do {
            try await clear()
            try await append(items + before.dropFirst(count))
        } catch {
            // A cancelled caller must not lose the conversation: the restoration does not inherit its cancellation.
            try await Task {
                try await clear()
                try await append(before)
            }.value
            throw error
        }
    }

    public func runEnded(lastTurn: [Item]) async throws {}
}
