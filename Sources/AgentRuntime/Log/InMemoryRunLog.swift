import Synchronization

/// A log that lives as long as the process: for runs that need not survive it, and for tests.
public final class InMemoryRunLog: RunLog {
    public let run: String
    private let kept: Mutex<[RunRecord]>

    /// A log that already holds `prefix`, such as one copied from another run.
    public init(run: String = "run", prefix: [RunRecord] = []) {
        self.run = run
        kept = Mutex(prefix)
    }

    /// Everything in the log.
    public var records: [RunRecord] { kept.withLock { $0 } }

    public func stored() async throws -> [RunRecord] { records }

    public func append(_ event: RunEvent) -> PendingAppend {
        let record = kept.withLock { records in
            let record = RunRecord(id: (records.last?.id ?? 0) &+ 1, event: event)
            records.append(record)
            return record
        }
        return PendingAppend(record)
    }
}
