/// Told of traces and spans as they begin and end.
///
/// The run waits for each call, so that one that has to wait for anything keeps what it was told for later, as `BatchTraceProcessor` does.
public protocol TracingProcessor: Sendable {
    func onTraceStart(_ trace: Trace)
    func onTraceEnd(_ trace: Trace)
    func onSpanStart(_ span: Span)
    func onSpanEnd(_ span: Span)
    /// Passes on what comes, until `shutdown` or until the task is cancelled; for processors that do so at moments of their own. Called once.
    func run() async
    /// Returns when all that the processor was told has been passed on, or given up.
    func forceFlush() async
    /// Passes on what is there, for at most `limit`, and takes nothing more.
    func shutdown(within limit: Duration?) async
}

extension TracingProcessor {
    public func onTraceStart(_ trace: Trace) {}
    public func onTraceEnd(_ trace: Trace) {}
    public func onSpanStart(_ span: Span) {}
    public func onSpanEnd(_ span: Span) {}
    public func run() async {}
    public func forceFlush() async {}
    public func shutdown(within limit: Duration?) async {}
}

/// What is exported: a trace when it begins, a span when it has ended.
public enum TraceItem: Sendable, Hashable {
    case trace(Trace)
    case span(Span)
}

/// Sends traces and spans to where people look at them.
public protocol TracingExporter: Sendable {
    /// Ends soon when its task is cancelled. What it throws is logged, and the items are dropped.
    func export(_ items: [TraceItem]) async throws
}
