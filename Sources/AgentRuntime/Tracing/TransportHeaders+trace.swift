import Tracing

extension TransportHeaders {
    /// Adds what makes the receiver's spans parts of the current one; nothing outside a trace. Fields that are there stay.
    mutating func propagateTrace() {
        guard let scope = TraceScope.current, let trace = scope.trace, let parent = scope.parent else { return }
        if let tracer = trace.tracer, let context = parent.mirror?.context {
            tracer.inject(context, into: &self, using: HeaderInjector())
        } else {
            HeaderInjector().inject(TransportHeaders.traceparent(trace.trace, parent), forKey: "traceparent", into: &self)
        }
    }

    /// https://www.w3.org/TR/trace-context/#traceparent-header
    private static func traceparent(_ trace: Trace, _ parent: SpanRecording) -> String {
        "00-\(TraceIDs.digits(of: trace.id, count: 32))-\(TraceIDs.digits(of: parent.id, count: 16))-01"
    }
}

private struct HeaderInjector: Injector {
    func inject(_ value: String, forKey key: String, into headers: inout TransportHeaders) {
        if headers[key] == nil { headers[key] = value }
    }
}
