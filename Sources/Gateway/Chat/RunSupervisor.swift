import Logging
import ServiceLifecycle
import Synchronization

/// Owns the runs that this process carries out: a request only hands one in, and reads.
final class RunSupervisor: Service {
    /// Ends a run's task, however the run went.
    typealias Work = @Sendable () async -> Void

    private struct Job {
        let run: LiveRun
        let limit: Duration
        let work: Work
    }

    private struct State {
        var live: [String: LiveRun] = [:]
        var isDraining = false
    }

    /// What is read of runs in this process.
    let streams = OpenStreams()

    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation
    private let state = Mutex(State())
    private let limits: ChatLimits
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let succession: Succession?

    /// - Parameter succession: Nil where no other process takes up the runs of this one.
    init(limits: ChatLimits, clock: any Clock<Duration>, logger: Logger, succession: Succession? = nil) {
        self.succession = succession
        self.limits = limits
        self.clock = clock
        self.logger = logger
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limits.queuedRuns))
    }

    /// Whose runs this process carries out.
    var owners: Set<String> { state.withLock { Set($0.live.values.map(\.owner)) } }

    /// Ends the runs of these people.
    func stop(runsOf owners: Set<String>) {
        guard !owners.isEmpty else { return }
        for run in state.withLock({ $0.live.values.filter { owners.contains($0.owner) } }) { run.cancellation.send(.stopped) }
    }

    /// Whether no new runs are taken, since the process is going down.
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// The run, while this process carries it out.
    func live(_ id: String) -> LiveRun? {
        state.withLock { $0.live[id] }
    }

    /// The runs that this process carries out.
    var liveRuns: [LiveRun] { state.withLock { Array($0.live.values) } }

    /// Hands a run in. One of the same id that is there already gives way: it is an attempt that was lost, or it has come to wait for a person,
    /// who was quick.
    /// - Parameter timeUsed: What the run has had of its time before.
    /// - Returns: Who carries the run out: the run, or a later attempt that was there before; nil when the queue is full or the process is going
    ///   down.
    func start(_ run: LiveRun, after timeUsed: Duration = .zero, work: @escaping Work) -> LiveRun? {
        guard let (carrier, former) = enter(run) else { return nil }
        former?.cancellation.send(.moved)
        guard carrier === run else { return carrier }
        guard case .enqueued = queue.yield(Job(run: run, limit: max(.zero, limits.runTime - timeUsed), work: work)) else {
            remove(run)
            return nil
        }
        return run
    }

    /// Puts the run where it is found, unless a later attempt is there; nil when the process is going down.
    private func enter(_ run: LiveRun) -> (carrier: LiveRun, former: LiveRun?)? {
        state.withLock { state in
            guard !state.isDraining else { return nil }
            let there = state.live[run.id]
            if let there, there.attempt > run.attempt { return (there, nil) }
            state.live[run.id] = run
            return (run, there)
        }
    }

    /// Carries out runs until the process goes down; then waits for those under way, for as long as the limits say.
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepConnectionsAlive() }
            group.addTask { await self.carryOutRuns() }
            await group.next()
            group.cancelAll()
        }
    }

    private func carryOutRuns() async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await withDiscardingTaskGroup { runs in
                        for await job in self.jobs { runs.addTask { await self.carryOut(job) } }
                    }
                }
                group.addTask { await self.endRunsAfterShutdown() }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.state.withLock { $0.isDraining = true }
            self.queue.finish()
        }
    }

    private func carryOut(_ job: Job) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await job.work() }
            group.addTask { await job.run.cancellation.wait() }
            group.addTask {
                guard (try? await self.clock.sleep(for: job.limit)) != nil else { return }
                job.run.cancellation.send(.timeLimit)
            }
            await group.next()
            group.cancelAll()
        }
        remove(job.run)
        job.run.end()
    }

    /// Unless it goes on as another already.
    private func remove(_ run: LiveRun) {
        state.withLock { state in
            if state.live[run.id] === run { state.live[run.id] = nil }
        }
    }

    /// Gives runs some time after the shutdown began, then leaves them to another process, or ends them.
    private func endRunsAfterShutdown() async {
        try? await gracefulShutdown()
        async let withdrawal: Void? = succession?.withdraw()
        try? await clock.sleep(for: limits.shutdownGrace)
        _ = await withdrawal
        let reason: CancellationSignal.Reason = await succession?.hasSuccessor() == true ? .moved : .shutdown
        for run in liveRuns { run.cancellation.send(reason) }
        // The end of this task must not end the wait for the runs.
        await CancellationSignal().wait()
    }

    private func keepConnectionsAlive() async {
        while (try? await clock.sleep(for: limits.heartbeat)) != nil {
            for run in liveRuns { run.heartbeat() }
        }
    }
}
