public import AgentRuntime
import Synchronization

/// The log of a run in the database, written by the one that holds its claim.
///
/// What was decided is handed to the writer at once, behind everything before it. What is said waits for company: until 1 KB, the next tick
/// of `flushing`, or the next decided event. Each append finds the log where the one before left it, so what is stored is always a prefix:
/// after an append that failed every later one fails.
public final class DatabaseRunLog: RunLog {
    private struct State {
        var ordinal: Int64
        var waiting: [StoredEvent] = []
        var waitingBytes = 0
        /// The latest hand-over.
        var latest: PendingWrite<Void>?
        var failure: (any Error)?
    }

    private static let groupSize = 1_024

    public let run: String
    /// For the stores that the run's tools write to.
    public let claim: RunClaim
    /// How often the run was begun again since it began, or last ended with an error.
    public var restarts: Int {
        let ended = prefix.last { $0.event.isTerminal }.map { RunEventID.attempt(of: $0.id) + 1 }
        return claim.attempt - (ended ?? 0)
    }
    /// How long the run was under way before this attempt, as far as its stored events tell.
    public let timeUsed: Duration

    private let database: any Database
    private let clock: WallClock
    private let prefix: [RunRecord]
    private let state: Mutex<State>

    init(
        claim: RunClaim,
        prefix: [RunRecord],
        timeUsed: Duration = .zero,
        database: any Database,
        clock: WallClock
    ) {
        run = claim.run
        self.claim = claim
        self.prefix = prefix
        self.timeUsed = timeUsed
        self.database = database
        self.clock = clock
        state = Mutex(State(ordinal: prefix.last.flatMap { RunEventID.ordinal(of: $0.id, in: claim.attempt) } ?? 0))
    }

    /// What the run goes on from: an error at the end is what it has to get over.
    public func stored() async throws -> [RunRecord] {
        guard case .error = prefix.last?.event else { return prefix }
        return prefix.dropLast()
    }

    public func append(_ event: RunEvent) -> PendingAppend {
        state.withLock { state in
            let record = number(event, &state)
            do {
                try queue(record, &state)
            } catch {
                return PendingAppend(record) { throw error }
            }
            if event.isDecided || state.waitingBytes >= Self.groupSize {
                handOver(&state, ending: event.endState == nil ? nil : event)
            }
            guard state.waiting.isEmpty, let write = state.latest else { return PendingAppend(record) { [self] in try await flush() } }
            guard KeptRule.order.isKept else { return PendingAppend(record) }
            return PendingAppend(record) { try await write.value }
        }
    }

    /// Stores what waits; throws when that, or anything before it, was not stored.
    public func flush() async throws {
        let latest = state.withLock { state in
            handOver(&state, ending: nil)
            return state.latest
        }
        try await latest?.value
    }

    /// Performs `body`, and meanwhile hands what was said to the writer every `interval`.
    public func flushing<T: Sendable>(
        every interval: Duration = .milliseconds(250),
        on clock: any Clock<Duration> = ContinuousClock(),
        _ body: () async throws -> T
    ) async rethrows -> T {
        async let _ = tick(every: interval, on: clock)
        return try await body()
    }

    /// Ends a run whose runner has left it without an end: it was cancelled, or an append failed. What was lost stays lost.
    ///
    /// Throws `StoreError.claimLost` when the run has ended already, or is no longer the caller's.
    @discardableResult
    public func end(with event: RunEvent) async throws -> RunRecord {
        let (record, write) = try state.withLock { state in
            handOver(&state, ending: nil)
            let record = number(event, &state, reserve: 0)
            let stored = try StoredEvent(record)
            state.failure = state.failure ?? StoreError.claimLost(run: run)
            return (record, enqueue([stored], from: .any, ending: event))
        }
        try await write.value
        return record
    }

    /// - Parameter reserve: Ids that stay free; one, so that a run with too many events can still be ended.
    private func number(_ event: RunEvent, _ state: inout State, reserve: Int64 = 1) -> RunRecord {
        guard let id = RunEventID.make(attempt: claim.attempt, ordinal: state.ordinal + 1, reserve: reserve) else {
            state.failure = state.failure ?? StoreError.failed("the run \(run) has too many events")
            return RunRecord(id: claim.lastEventID, event: event)
        }
        state.ordinal += 1
        return RunRecord(id: id, event: event)
    }

    private func queue(_ record: RunRecord, _ state: inout State) throws {
        if let failure = state.failure { throw failure }
        do {
            let event = try StoredEvent(record)
            state.waiting.append(event)
            state.waitingBytes += event.payload.utf8.count
        } catch {
            state.failure = error
            throw error
        }
    }

    /// Inside the lock, so that the order of the ids is the order of the writes.
    private func handOver(_ state: inout State, ending: RunEvent?) {
        guard !state.waiting.isEmpty else { return }
        let events = state.waiting
        state.waiting = []
        state.waitingBytes = 0
        state.latest = enqueue(events, from: .at(claim.lastEventID), ending: ending)
    }

    private func enqueue(_ events: [StoredEvent], from position: Transaction.LogPosition, ending: RunEvent?) -> PendingWrite<Void> {
        if let last = events.last { claim.advance(to: last.id) }
        let write = database.enqueue { [claim, clock] in
            try $0.append(events, to: claim, from: position, ending: ending, at: clock.now)
        }
        write.whenDurable { [run, hints = database.hints] in hints.announce(run) }
        return write
    }

    private func tick(every interval: Duration, on clock: any Clock<Duration>) async {
        while (try? await clock.sleep(for: interval)) != nil {
            state.withLock { handOver(&$0, ending: nil) }
        }
    }
}
