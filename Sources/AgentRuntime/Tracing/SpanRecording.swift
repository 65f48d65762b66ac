import Synchronization

/// A span under way.
final class SpanRecording: Sendable {
    let id: String
    let mirror: SpanMirror?
    private let provider: TraceProvider
    private let kept: Mutex<Span>

    init(_ span: Span, of provider: TraceProvider, _ mirror: SpanMirror?) {
        id = span.id
        kept = Mutex(span)
        self.provider = provider
        self.mirror = mirror
    }

    var hasFailed: Bool { kept.withLock { $0.error != nil } }

    func update(_ change: (inout SpanData) -> Void) {
        kept.withLock { change(&$0.data) }
    }

    func fail(_ error: SpanError) {
        kept.withLock { $0.error = error }
    }

    /// Tells of the span once; what changes afterwards is not told.
    func end() {
        let span = kept.withLock { span -> Span? in
            guard span.endedAt == nil else { return nil }
            span.endedAt = max(span.startedAt, provider.now())
            return span
        }
        guard let span else { return }
        for processor in provider.processors { processor.onSpanEnd(span) }
        mirror?.end(as: span)
    }
}
