import AgentRuntime
import Synchronization

/// A run that this process carries out, as its readers see it: every record so far, and word of the next.
///
/// Readers come and go, each with a cursor of its own; none of them can slow the run or another reader.
final class LiveRun: Sendable {
    let id: String
    let conversation: String
    let owner: String
    /// As the run counts them.
    let attempt: Int

    /// Ends the run from outside.
    let cancellation = CancellationSignal()

    private let state: Mutex<State>

    /// How many records a reader gets at once; for the rest it comes again, when its connection has taken these.
    private static let batch = 256

    private struct State {
        var records: [RunRecord]
        var isOver = false
        var readers: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextReader = 0
    }

    /// What a reader gets.
    enum News: Sendable {
        case records([RunRecord])
        /// Nothing new, but the connection must be kept alive.
        case heartbeat
        /// Nothing will follow.
        case over
    }

    init(id: String, conversation: String, owner: String, attempt: Int, records: [RunRecord]) {
        self.id = id
        self.conversation = conversation
        self.owner = owner
        self.attempt = attempt
        state = Mutex(State(records: records))
    }

    func publish(_ record: RunRecord) {
        wake { $0.records.append(record) }
    }

    /// The run is over: readers get what is left, then the end.
    func end() {
        wake { $0.isOver = true }
    }

    /// Wakes every reader, so that each can see whether its connection still stands.
    func heartbeat() {
        wake { _ in }
    }

    /// Whether the run's last event is there.
    var hasEnded: Bool { state.withLock { $0.records.last?.event.isTerminal ?? false } }

    /// Whether a call was made that has no result yet.
    var hasOpenCalls: Bool {
        state.withLock { state in
            state.records.reduce(0) { count, record in
                switch record.event {
                case .toolCall: count + 1
                case .toolResult: count - 1
                default: count
                }
            } > 0
        }
    }

    /// What happened last; nil before anything did.
    var latest: RunEvent? { state.withLock { $0.records.last?.event } }

    /// The call that a result is of.
    func call(answeredBy event: RunEvent) -> ToolCall? {
        let (path, inner) = event.origin
        guard case .toolResult(let result) = inner else { return nil }
        return state.withLock { state in
            state.records.reversed().lazy.compactMap { record -> ToolCall? in
                guard case (path, .toolCall(let call)) = record.event.origin, call.turn == result.turn, call.index == result.index else { return nil }
                return call
            }.first
        }
    }

    /// The id of the latest record.
    var lastID: Int64 { state.withLock { $0.records.last?.id ?? 0 } }

    /// What follows the cursor, at once when there is any, else at the next record, heartbeat or end.
    func news(after cursor: Int64) async -> News {
        if let news = available(after: cursor) { return news }
        await nextWake(after: cursor)
        return available(after: cursor) ?? .heartbeat
    }

    private func available(after cursor: Int64) -> News? {
        state.withLock { state in
            let unread = state.records.batch(of: Self.batch, after: cursor)
            if !unread.isEmpty { return .records(Array(unread)) }
            return state.isOver ? .over : nil
        }
    }

    private func nextWake(after cursor: Int64) async {
        let reader = state.withLock { state in
            state.nextReader &+= 1
            return state.nextReader
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !Task.isCancelled, !state.isOver, (state.records.last?.id ?? 0) <= cursor else { return false }
                    state.readers[reader] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: reader) }?.resume()
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let readers = state.withLock { state in
            change(&state)
            let readers = state.readers
            state.readers = [:]
            return readers
        }
        for reader in readers.values { reader.resume() }
    }
}

extension [RunRecord] {
    /// The next records behind the cursor. An error that the run has got over is never the last of them, as only a run's end is.
    fileprivate func batch(of limit: Int, after cursor: Int64) -> ArraySlice<RunRecord> {
        let start = firstIndex(after: cursor)
        var end = Swift.min(start + limit, endIndex)
        while end > start, end < endIndex, self[end - 1].event.isTerminal { end += 1 }
        return self[start..<end]
    }

    /// Ids ascend.
    private func firstIndex(after cursor: Int64) -> Int {
        var (start, end) = (startIndex, endIndex)
        while start < end {
            let middle = start + (end - start) / 2
            if self[middle].id > cursor { end = middle } else { start = middle + 1 }
        }
        return start
    }
}
