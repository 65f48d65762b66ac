import AgentRuntime
import Synchronization

/// A run's log that gives back what was appended to it, so that a run which waited for a person goes on over the same log.
final class GrowingRunLog: RunLog {
    private let log: any RunLog
    private let appended = Mutex<[RunRecord]>([])

    init(_ log: any RunLog) {
        self.log = log
    }

    var run: String { log.run }

    func stored() async throws -> [RunRecord] {
        try await log.stored() + appended.withLock { $0 }
    }

    func append(_ event: RunEvent) -> PendingAppend {
        let pending = log.append(event)
        appended.withLock { $0.append(pending.record) }
        return pending
    }
}
