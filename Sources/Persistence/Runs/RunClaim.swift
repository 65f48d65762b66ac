import Synchronization

/// The right of one instance, at one of its starts, to write for one attempt of a run. Every write of the run checks it in its own transaction.
///
/// It also knows how far the run's log has been handed to the writer, so that nothing is written behind an append that failed.
public final class RunClaim: Sendable {
    public let run: String
    public let instance: String
    public let epoch: Int
    /// Each take-over begins another, so that of two who carry the run out for one instance only the later can write.
    public let attempt: Int

    private let position: Mutex<Int64>

    /// - Parameter run: As its present writer has it.
    /// - Parameter lastEventID: The last event that is stored.
    init(_ run: Run, lastEventID: Int64) {
        self.run = run.id
        instance = run.instance
        epoch = run.epoch
        attempt = run.attempt
        position = Mutex(lastEventID)
    }

    /// Of the run's row, while it may be written for.
    var holds: SQL {
        """
        id = \(run) AND instance = \(instance) AND epoch = \(epoch) AND attempt = \(attempt) AND state = \(RunState.running.rawValue)
        """
    }

    /// The last event handed to the writer.
    var lastEventID: Int64 { position.withLock { $0 } }

    func advance(to id: Int64) {
        position.withLock { $0 = max($0, id) }
    }
}

extension Transaction {
    /// Throws `StoreError.claimLost` unless the run is still the claimer's, is running, and has stored everything up to `event`.
    func verify(_ claim: RunClaim, upTo event: Int64, at now: Timestamp) throws {
        // Writes the row, so that whoever takes the run over waits for the end of this transaction.
        let changes = try execute("UPDATE runs SET updated_at = \(now) WHERE \(claim.holds) AND last_event_id >= \(event)")
        guard changes == 1 || !KeptRule.claim.isKept else { throw StoreError.claimLost(run: claim.run) }
    }
}
