public import AgentRuntime

/// What one message may cost, and how many may be under way.
public struct ChatLimits: Sendable, Hashable {
    /// How long a run may take, less the time it waits for a person.
    public var runTime: Duration
    /// Runs of one user that may be under way together.
    public var runsPerUser: Int
    /// What all runs of one user may use in a day together; nil for no limit.
    public var daily: Budget?
    /// Runs that may wait for the supervisor.
    public var queuedRuns: Int
    /// How often a run whose process was gone is begun again.
    public var restarts: Int
    /// How long this process counts as alive without a word, after which others take up its runs.
    public var lease: Duration
    /// How often a silent stream says that it is still there.
    public var heartbeat: Duration
    /// What streams get after the process was told to end.
    public var shutdownGrace: Duration

    public init(
        runTime: Duration = .seconds(120),
        runsPerUser: Int = 2,
        daily: Budget? = nil,
        queuedRuns: Int = 4_096,
        restarts: Int = 3,
        lease: Duration = .seconds(3),
        heartbeat: Duration = .seconds(15),
        shutdownGrace: Duration = .seconds(20)
    ) {
        self.runTime = runTime
        self.runsPerUser = runsPerUser
        self.daily = daily
        self.queuedRuns = queuedRuns
        self.restarts = restarts
        self.lease = lease
        self.heartbeat = heartbeat
        self.shutdownGrace = shutdownGrace
    }
}
