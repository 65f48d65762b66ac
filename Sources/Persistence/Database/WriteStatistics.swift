public import AgentRuntime

/// What the one writer of a database has done, and what waits for it.
public struct WriteStatistics: Sendable, Hashable {
    /// Writes that wait at this moment.
    public var waiting: Int
    /// Writes that were refused because too many waited.
    public var refused: Int
    /// How long commits took, in seconds; each may hold many writes.
    public var commits: Histogram

    public init(waiting: Int = 0, refused: Int = 0, commits: Histogram = .latencies) {
        self.waiting = waiting
        self.refused = refused
        self.commits = commits
    }
}
