/// What one message may cost, and how many may be under way.
public struct ChatLimits: Sendable, Hashable {
    /// How long a run may take, less the time it waits for a person.
    public var runTime: Duration
    /// Runs of one user that may be under way together.
    public var runsPerUser: Int
    /// Runs that may wait for the supervisor.
    public var queuedRuns: Int
    /// How often a silent stream says that it is still there.
    public var heartbeat: Duration
    /// What streams get after the process was told to end.
    public var shutdownGrace: Duration

    public init(
        runTime: Duration = .seconds(120),
        runsPerUser: Int = 2,
        queuedRuns: Int = 4_096,
        heartbeat: Duration = .seconds(15),
        shutdownGrace: Duration = .seconds(20)
    ) {
        self.runTime = runTime
        self.runsPerUser = runsPerUser
        self.queuedRuns = queuedRuns
        self.heartbeat = heartbeat
        self.shutdownGrace = shutdownGrace
    }
}
