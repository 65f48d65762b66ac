import Synchronization

/// The right of one instance, at one of its starts, to write for a run. Every write of the run checks it in its own transaction.
///
/// It also knows how far the run's log has been handed to the writer, so that nothing is written behind an append that failed.
public final class RunClaim: Sendable {
    public let run: String
    public let instance: String
    public let epoch: Int

    private let position: Mutex<Int64>

    /// - Parameter lastEventID: The last event that is stored.
    public init(run: String, instance: String, epoch: Int, lastEventID: Int64 = 0) {
        self.run = run
        self.instance = instance
        self.epoch = epoch
        position = Mutex(lastEventID)
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
        let changes = try execute(
            """
            UPDATE runs SET updated_at = \(now) WHERE id = \(claim.run) AND instance = \(claim.instance) AND epoch = \(claim.epoch)
            AND state = \(RunState.running.rawValue) AND last_event_id >= \(event)
            """
        )
        guard changes == 1 || !KeptRule.claim.isKept else { throw StoreError.claimLost(run: claim.run) }
    }
}
