import Tracing

/// A span as a back end of swift-distributed-tracing has it.
struct SpanMirror: Sendable {
    private let span: any Tracing.Span

    init(of span: Span, in parent: ServiceContext, by tracer: any Tracer) {
        let described = SemanticSpan(of: span)
        let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: span.startedAt)
        self.span = tracer.startSpan(
            described.name, context: parent, ofKind: described.isRemote ? .client : .internal, at: start, function: #function, file: #fileID,
            line: #line)
        self.span.attributes.merge(SpanAttributes(described.attributes))
    }

    /// What makes later spans children of this one, and is sent along with requests.
    var context: ServiceContext { span.context }

    func end(as finished: Span) {
        let described = SemanticSpan(of: finished)
        span.operationName = described.name
        span.attributes.merge(SpanAttributes(described.attributes))
        if let error = finished.error { span.setStatus(SpanStatus(code: .error, message: error.message)) }
        span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: finished.endedAt ?? finished.startedAt))
    }
}

extension SpanAttributes {
    fileprivate init(_ values: [String: JSONValue]) {
        self.init(values.compactMapValues(SpanAttribute.init))
    }
}

extension SpanAttribute {
    fileprivate init?(_ value: JSONValue) {
        switch value {
        case .null: return nil
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .int64(Int64(value))
        case .number(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .stringArray(values.map { $0.string ?? $0.text })
        case .object: self = .string(value.text)
        }
    }
}
