import AgentRuntime
import Synchronization

/// Keeps what it is given, and does with each batch what the test says.
final class ExporterStub: TracingExporter {
    private struct State {
        var batches: [[TraceItem]] = []
        var underWay = 0
        var mostUnderWay = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let act: @Sendable (_ batch: Int) async throws -> Void

    /// - Parameter act: Told the number of the batch, from 1.
    init(_ act: @escaping @Sendable (_ batch: Int) async throws -> Void = { _ in }) {
        self.act = act
    }

    /// What came, whatever became of it.
    var batches: [[TraceItem]] { state.withLock { $0.batches } }
    /// How many batches were worked on at the same time, at most.
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }

    func export(_ items: [TraceItem]) async throws {
        let (number, watchers) = state.withLock { state in
            state.batches.append(items)
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
            let count = state.batches.count
            let watchers = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return (count, watchers)
        }
        defer { state.withLock { $0.underWay -= 1 } }
        for watcher in watchers { watcher.continuation.resume() }
        try await act(number)
    }

    /// Returns once that many batches have come.
    func begun(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.batches.count < count { state.watchers.append((count, continuation)) }
                return state.batches.count >= count
            }
            if isThere { continuation.resume() }
        }
    }
}

extension TraceItem {
    /// A span with a name, as an exporter gets it.
    static func custom(_ name: String) -> TraceItem {
        .span(
            AgentRuntime.Span(
                id: "span_\(name)", trace: AgentRuntime.Trace(id: "trace_1", workflowName: "W"), startedAt: 0, data: .custom(name: name)))
    }

    var name: String {
        switch self {
        case .trace(let trace): trace.workflowName
        case .span(let span): span.data.customName
        }
    }
}

extension SpanData {
    fileprivate var customName: String { if case .custom(let name, _) = self { name } else { type } }
}

extension TracingProcessor {
    /// Tells the processor of ended spans with these names.
    func end(_ names: String...) {
        for name in names { if case .span(let span) = TraceItem.custom(name) { onSpanEnd(span) } }
    }
}
