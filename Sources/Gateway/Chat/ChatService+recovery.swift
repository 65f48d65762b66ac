import AgentRuntime
import Logging
import Persistence
import Tools

/// Runs that go from one process to another.
extension ChatService {
    /// Takes up runs whose process is gone, and runs of this process that it has lost; one that was begun too often, or that its owner has
    /// stopped, is ended.
    func takeUpAbandoned() async throws {
        let quiet = try await runs.quiet(of: instance, since: clock.now.adding(.zero - limits.lease))
        for run in try await runs.abandoned(byOthersThan: instance) + quiet.filter({ supervisor.live($0.id) == nil }) where !supervisor.isDraining {
            guard let log = try await runs.takeOver(run, by: instance) else { continue }
            if run.isStopRequested {
                try await log.end(with: .stopped)
                continue
            }
            guard log.restarts <= limits.restarts, let user = try await users.user(id: run.owner) else {
                try await log.end(with: .error(.interrupted))
                continue
            }
            try Failpoint.reach(.takenOver)
            do { _ = try await resume(run, log, for: user) } catch ChatError.overloaded { return }
            logger.notice("took up a run whose process is gone", metadata: ["run": "\(run.id)", "attempt": "\(run.attempt + 2)"])
        }
    }

    /// Ends here what was stopped elsewhere, and leaves what is another's by now or was deleted.
    func leaveMoved() async throws {
        // Read first, so that a run that comes meanwhile is not missed below.
        let live = supervisor.liveRuns
        guard !live.isEmpty else { return }
        let ours = try await runs.active(of: instance)
        for run in live where !run.hasEnded {
            switch ours[run.id] {
            case false?: continue
            case true?: run.cancellation.send(.stopped)
            case nil: run.cancellation.send(.moved)
            }
        }
    }

    /// With the day that the message was sent on, whatever day it is now.
    func resume(_ run: Run, _ log: DatabaseRunLog, for user: User) async throws -> LiveRun {
        let starts = try await log.stored().compactMap { record -> RunStart? in if case .start(let start) = record.event { start } else { nil } }
        let facts = starts.first?.facts ?? [:]
        let timeZone = facts["time_zone"] ?? user.timeZone ?? "UTC"
        guard let today = facts["today"].flatMap({ Day($0) }) ?? LocalDay.day(of: clock.now, in: timeZone) else {
            try await log.end(with: .error(.interrupted))
            throw ChatError.nothingToRetry
        }
        return try await start(run, log, UserContext(user: user, today: today, timeZone: timeZone, todos: todos.todos(of: user.id, claim: log.claim)))
    }
}
