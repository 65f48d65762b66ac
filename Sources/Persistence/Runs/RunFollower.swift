public import AgentRuntime

/// Reads a run that some process carries out, this one or another that shares the database, as it is stored.
public struct RunFollower: Sendable {
    private let runs: RunStore
    private let hints: any RunHints
    private let clock: any Clock<Duration>

    public init(runs: RunStore, clock: any Clock<Duration> = ContinuousClock()) {
        self.init(runs: runs, hints: runs.database.hints, clock: clock)
    }

    init(runs: RunStore, hints: any RunHints, clock: any Clock<Duration> = ContinuousClock()) {
        self.runs = runs
        self.hints = hints
        self.clock = clock
    }

    /// Gives what is stored behind `cursor`, then what comes: it reads at each hint, and every `interval` in case one was lost.
    ///
    /// `receive` is told of a reading that found nothing, too. Returns behind the run's last event, when there is no such run of the owner's, or
    /// when `receive` gives false.
    public func follow(
        _ run: String,
        owner: String,
        after cursor: Int64 = 0,
        every interval: Duration = .seconds(1),
        receive: ([RunRecord]) async throws -> Bool
    ) async throws {
        let (reasons, reason) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Before the first reading, so that nothing falls between the two.
        let hints = hints.hints(of: run)
        async let _ = forward(hints, to: reason)
        async let _ = tick(every: interval, to: reason)
        reason.yield()
        var cursor = cursor
        for await _ in reasons {
            while true {
                let (records, isActive) = try await runs.news(of: run, owner: owner, after: cursor)
                guard let last = records.last else {
                    guard isActive, try await receive([]) else { return }
                    break
                }
                cursor = last.id
                guard try await receive(records), !last.event.isTerminal else { return }
            }
        }
        try Task.checkCancellation()
    }

    private func forward(_ hints: AsyncStream<Void>, to reason: AsyncStream<Void>.Continuation) async {
        for await _ in hints { reason.yield() }
    }

    private func tick(every interval: Duration, to reason: AsyncStream<Void>.Continuation) async {
        while (try? await clock.sleep(for: interval)) != nil { reason.yield() }
    }
}
