import Synchronization

/// One run in progress: each event goes to the log, into the state, and then to the reader, in this order.
///
/// What is decided waits until `settle` for its durability and is shown only after it; what is said is shown at once.
final class RunJournal<Context: Sendable>: Sendable {
    typealias Emit = @Sendable (RunRecord) async throws -> Void

    let log: any RunLog
    private let emit: Emit
    private let inner: Mutex<Inner>

    private struct Inner {
        var state: RunState<Context>
        var unsettled: [PendingAppend] = []
    }

    /// Folds what the log already holds.
    init(
        log: any RunLog,
        _ stored: [RunRecord],
        agent: Agent<Context>,
        config: RunConfig<Context>,
        history: [Item],
        emit: @escaping Emit
    ) throws {
        var state = RunState(agent: agent, config: config, history: history)
        for record in stored { try state.apply(record.event) }
        self.log = log
        self.emit = emit
        inner = Mutex(Inner(state: state))
    }

    var state: RunState<Context> { inner.withLock { $0.state } }

    /// What the model has said so far. It is asked at every piece of a stream, which a copy of the whole state would make dear.
    var textBytes: Int { inner.withLock { $0.state.textBytes } }

    /// Gives a decided event its place in the log.
    func record(_ event: RunEvent) throws {
        try inner.withLock { inner in
            try inner.state.apply(event)
            inner.unsettled.append(log.append(event))
        }
    }

    /// Takes what people decided, all of it or, when one decision does not fit, nothing.
    func record(_ decisions: [ApprovalDecision]) throws {
        var state = state
        for decision in decisions { try state.apply(.approvalDecided(decision)) }
        for decision in decisions { try record(.approvalDecided(decision)) }
    }

    /// Shows what was decided, once it is durable.
    func settle() async throws {
        let unsettled = inner.withLock { inner in
            let unsettled = inner.unsettled
            inner.unsettled = []
            return unsettled
        }
        for append in unsettled {
            try await append.durable()
            try await emit(append.record)
        }
    }

    /// Passes on what the model says, after what was decided before it.
    func say(_ event: RunEvent) async throws {
        try await settle()
        let append = try inner.withLock { inner in
            try inner.state.apply(event)
            return log.append(event)
        }
        try await emit(append.record)
    }
}
