import AgentRuntime
import Logging
import Persistence
import Tools

/// Runs that go from one process to another.
extension ChatService {
    /// Takes up runs whose process is gone, and runs of this process that it has lost; one that was begun too often, or that its owner has
    /// stopped, is ended. One that cannot be read is left as it is, since a process of another version may be able to, and tried again later.
    /// - Parameter ofOthers: Whether this process may tell that others are gone.
    func takeUpAbandoned(ofOthers: Bool = true) async throws {
        let quiet = try await runs.quiet(of: instance, since: clock.now.adding(.zero - limits.lease))
        let abandoned = try await ofOthers ? runs.abandoned(byOthersThan: instance) : []
        for run in abandoned + quiet.filter({ supervisor.live($0.id) == nil })
        where !supervisor.isDraining && failedTakeOvers.mayTry(run.id, at: clock.now) {
            do {
                try await takeUp(run)
            } catch ChatError.overloaded {
                return
            } catch let error as StoreError where error.isOfOneRow {
                failedTakeOvers.note(run.id, at: clock.now)
                logger.error("a run could not be taken up", metadata: ["run": "\(run.id)", "error": "\(error)"])
            }
        }
    }

    private func takeUp(_ run: Run) async throws {
        guard let log = try await runs.takeOver(run, by: instance) else { return }
        if run.isStopRequested {
            try await log.end(with: .stopped)
            return
        }
        guard log.restarts <= limits.restarts, let user = try await users.user(id: run.owner) else {
            try await log.end(with: .error(.interrupted))
            return
        }
        try Failpoint.reach(.takenOver)
        _ = try await resume(run, log, for: user)
        logger.notice("took up a run whose process is gone", metadata: ["run": "\(run.id)", "attempt": "\(run.attempt + 2)"])
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
