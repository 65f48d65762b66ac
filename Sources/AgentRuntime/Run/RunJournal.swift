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
        /// Wakes whoever shows events while calls are under way.
        var arrival: AsyncStream<Void>.Continuation?
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

    func goOn(with agent: Agent<Context>) {
        inner.withLock { $0.state.goOn(with: agent) }
    }

    /// Gives a decided event its place in the log.
    func record(_ event: RunEvent) throws {
        try inner.withLock { inner in
            try inner.state.apply(event)
            inner.unsettled.append(log.append(event))
        }
    }

    /// Takes what people decided, and what they said meanwhile: all of it or, when one thing does not fit, nothing.
    func record(_ decisions: [ApprovalDecision], adding items: [Item] = [], within limits: RunLimits) throws {
        let events = decisions.map(RunEvent.approvalDecided) + (items.isEmpty ? [] : [.inputAdded(items)])
        var state = state
        if !items.isEmpty, let turns = limits.turns, state.turn >= turns { throw RunError.user("No input can be added: no turn is left.") }
        for event in events { try state.apply(event) }
        for event in events { try record(event) }
    }

    /// Waits until everything that was decided is durable, and shows it. While calls are under way, somebody else shows it.
    func settle() async throws {
        let isShownElsewhere = inner.withLock { $0.arrival != nil }
        guard isShownElsewhere else { return try await show() }
        for append in inner.withLock({ $0.unsettled }) where append.record.event.isDecided { try await append.durable() }
    }

    /// Performs `calls`, meanwhile showing what happens in them. Calls whose events cannot be shown are cancelled.
    func showing<Output: Sendable>(_ calls: @escaping @Sendable () async -> Output) async -> (output: Output?, failure: (any Error)?) {
        let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        inner.withLock { $0.arrival = arrival }
        defer { inner.withLock { $0.arrival = nil } }
        arrival.yield()
        return await withTaskGroup(of: (output: Output?, failure: (any Error)?).self) { group in
            group.addTask {
                let output = await calls()
                arrival.finish()
                return (output, nil)
            }
            group.addTask {
                do {
                    for await _ in arrivals { try await self.show() }
                    return (nil, nil)
                } catch {
                    return (nil, error)
                }
            }
            var both: (output: Output?, failure: (any Error)?)
            for await (output, failure) in group {
                both = (output ?? both.output, failure ?? both.failure)
                if failure != nil { group.cancelAll() }
            }
            return both
        }
    }

    /// Gives an event of the run within a call its place in the log.
    func append(_ event: RunEvent, within parent: ParentCall) -> PendingAppend {
        let nested = RunEvent.nested(parent, event)
        do {
            let append = try inner.withLock { inner in
                try inner.state.apply(nested)
                let append = log.append(nested)
                inner.unsettled.append(append)
                inner.arrival?.yield()
                return append
            }
            return PendingAppend(RunRecord(id: append.record.id, event: event)) { try await append.durable() }
        } catch {
            return PendingAppend(RunRecord(id: 0, event: event)) { throw error }
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

    /// For one task at a time.
    private func show() async throws {
        while let append = inner.withLock({ $0.unsettled.first }) {
            if append.record.event.isDecided { try await append.durable() }
            _ = inner.withLock { $0.unsettled.removeFirst() }
            try await emit(append.record)
        }
    }
}
