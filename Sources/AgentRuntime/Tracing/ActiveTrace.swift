import Tracing

/// A trace under way, and who is told of it.
final class ActiveTrace: Sendable {
    let trace: Trace
    let provider: TraceProvider
    let tracer: (any Tracer)?

    init(_ trace: Trace, of provider: TraceProvider, _ tracer: (any Tracer)?) {
        self.trace = trace
        self.provider = provider
        self.tracer = tracer
    }

    func begin() {
        for processor in provider.processors { processor.onTraceStart(trace) }
    }

    func end() {
        for processor in provider.processors { processor.onTraceEnd(trace) }
    }

    func start(_ data: SpanData, in parent: SpanRecording?) -> SpanRecording {
        let span = Span(id: provider.ids.span(), trace: trace, parentID: parent?.id, startedAt: provider.now(), data: data)
        let mirror = tracer.map { SpanMirror(of: span, in: parent?.mirror?.context ?? .current ?? .topLevel, by: $0) }
        for processor in provider.processors { processor.onSpanStart(span) }
        return SpanRecording(span, of: provider, mirror)
    }
}
