/// A session that sums up its older turns after a run, so that it stays short.
///
/// What gives way is lost. It is done once `threshold` items that are not the user's have come together, but not after a run that ended with
/// the outputs of tools, which no model has read yet.
public actor CompactingSession: Session {
    /// Items that are neither a user's message nor a summary.
    public let threshold: Int
    private let session: any Session
    private let summarizer: Summarizer

    public init(_ session: any Session, summarizer: Summarizer, threshold: Int = 10) {
        self.session = session
        self.summarizer = summarizer
        self.threshold = threshold
    }

    public nonisolated var settings: SessionSettings { session.settings }

    public func items() async throws -> [Item] { try await session.items() }
    public func items(limit: Int?) async throws -> [Item] { try await session.items(limit: limit) }
    public func count() async throws -> Int { try await session.count() }
    public func append(_ items: [Item]) async throws { try await session.append(items) }
    public func pop() async throws -> Item? { try await session.pop() }
    public func clear() async throws { try await session.clear() }

    public func replaceOldest(_ count: Int, with items: [Item]) async throws {
        try await session.replaceOldest(count, with: items)
    }

    public func runEnded(lastTurn: [Item]) async throws {
        try await session.runEnded(lastTurn: lastTurn)
        let hasOutputs = lastTurn.contains { if case .functionCallOutput = $0 { true } else { false } }
        if !hasOutputs { try await compact() }
    }

    /// Sums up everything before the newest message of the user. When it fails or is cancelled the session is as it was.
    /// - Parameter isForced: Whether it is done also below the threshold.
    /// - Returns: Whether it was done.
    @discardableResult public func compact(isForced: Bool = false) async throws -> Bool {
        let items = try await session.items()
        guard isForced || isDue(items) else { return false }
        let newest = items.lastIndex { if case .message(let message) = $0 { message.role == .user } else { false } }
        let old = items.prefix(newest ?? items.count)
        guard old.contains(where: { !Summarizer.isSummary($0) }) else { return false }
        let summary = try await summarizer.summary(of: Array(old))
        try Task.checkCancellation()
        // Somebody may have written or cleared meanwhile.
        guard try await session.items().starts(with: old) else { return false }
        try await session.replaceOldest(old.count, with: [summary])
        return true
    }

    private func isDue(_ items: [Item]) -> Bool {
        let candidates = items.filter { item in
            if case .message(let message) = item, message.role == .user { return false }
            return !Summarizer.isSummary(item)
        }
        return candidates.count >= threshold
    }
}
