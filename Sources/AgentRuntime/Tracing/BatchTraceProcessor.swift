public import Logging
import Synchronization

/// Keeps what it is told and passes it on to an exporter in batches, so that no run waits for an exporter or sees it fail.
///
/// What comes is passed on while `run` is under way, which `TraceProvider.exporting` sees to; otherwise with `forceFlush` and `shutdown`. What
/// an exporter failed to export is logged, counted and gone.
public final class BatchTraceProcessor: TracingProcessor {
    private struct State {
        var queue: TraceQueue
        /// Takes nothing more.
        var isShutDown = false
        /// Exports nothing more.
        var isGivenUp = false
        var isOverflowing = false
        var isExporting = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Ends the export under way.
        var end: AsyncStream<Void>.Continuation?
    }

    private let exporter: any TracingExporter
    private let scheduledDelay: Duration
    private let trigger: Int
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let state: Mutex<State>
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - queueLimit: Traces and spans that wait; more are dropped.
    ///   - batchLimit: Traces and spans that are exported at once.
    ///   - scheduledDelay: Between two exports.
    ///   - exportTriggerRatio: How full the queue is when an export does not wait for its time, from 0 to 1.
    public init(
        _ exporter: any TracingExporter,
        queueLimit: Int = 8_192,
        batchLimit: Int = 128,
        scheduledDelay: Duration = .seconds(5),
        exportTriggerRatio: Double = 0.7,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "agent.tracing")
    ) {
        self.exporter = exporter
        self.scheduledDelay = max(scheduledDelay, .milliseconds(1))
        self.clock = clock
        self.logger = logger
        let queue = TraceQueue(limit: queueLimit, batchLimit: batchLimit)
        trigger = max(1, Int(exactly: (Double(queue.limit) * exportTriggerRatio).rounded(.down)) ?? queue.limit)
        state = Mutex(State(queue: queue))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Traces and spans that were not exported, for want of room or because the exporter failed.
    public var droppedCount: Int { state.withLock { $0.queue.dropped } }

    public func onTraceStart(_ trace: Trace) { add(.trace(trace)) }
    public func onSpanEnd(_ span: Span) { add(.span(span)) }

    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in
                while (try? await clock.sleep(for: scheduledDelay)) != nil { wake.yield() }
            }
            for await _ in wakes { await export() }
            group.cancelAll()
        }
    }

    public func forceFlush() async {
        await export()
    }

    public func shutdown(within limit: Duration?) async {
        state.withLock { $0.isShutDown = true }
        wake.finish()
        await withDiscardingTaskGroup { group in
            if let limit {
                group.addTask { [self] in if (try? await clock.sleep(for: limit)) != nil { giveUp() } }
            }
            await export()
            group.cancelAll()
        }
        let count = state.withLock { $0.queue.dropAll() }
        if count > 0 { logger.warning("there was no time to export what was left of traces", metadata: ["items": "\(count)"]) }
    }

    private func add(_ item: TraceItem) {
        let (isDue, isFirstLost) = state.withLock { state in
            guard !state.isShutDown else { return (false, false) }
            guard !state.queue.add(item) else { return (state.queue.count >= trigger, false) }
            defer { state.isOverflowing = true }
            return (false, !state.isOverflowing)
        }
        if isDue { wake.yield() }
        if isFirstLost { logger.warning("the queue of traces is full; what comes is dropped until there is room") }
    }

    /// Passes on what waits, one batch at a time, whoever asks for it.
    private func export() async {
        await takeTurn()
        defer { passTurn() }
        while !Task.isCancelled, let batch = takeBatch() { await export(batch) }
    }

    private func takeBatch() -> [TraceItem]? {
        state.withLock { state in
            state.isOverflowing = false
            return state.isGivenUp ? nil : state.queue.takeBatch()
        }
    }

    private func export(_ batch: [TraceItem]) async {
        let (ends, end) = AsyncStream<Void>.makeStream()
        state.withLock { state in
            state.end = end
            if state.isGivenUp { end.finish() }
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [exporter] in try await exporter.export(batch) }
                group.addTask {
                    for await _ in ends {}
                    throw CancellationError()
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            state.withLock { $0.queue.drop(batch.count) }
            // Another's error may quote what was to be exported.
            let cause = error is TraceExportError ? "\(error)" : "\(type(of: error))"
            logger.warning("traces could not be exported and are dropped", metadata: ["items": "\(batch.count)", "cause": "\(cause)"])
        }
    }

    private func giveUp() {
        state.withLock { state in
            state.isGivenUp = true
            state.end?.finish()
        }
    }

    private func takeTurn() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isExporting { state.waiting.append(continuation) }
                defer { state.isExporting = true }
                return !state.isExporting
            }
            if isFree { continuation.resume() }
        }
    }

    private func passTurn() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.isExporting = false
            return nil
        }
        next?.resume()
    }
}
