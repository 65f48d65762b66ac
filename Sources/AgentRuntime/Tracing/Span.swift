/// One timed step of a trace.
public struct Span: Sendable, Hashable {
    /// `span_` and 24 hex digits.
    public let id: String
    public let trace: Trace
    /// The span within which this one happened; nil at the top of the trace.
    public let parentID: String?
    /// Nanoseconds since 1970.
    public let startedAt: UInt64
    /// Nanoseconds since 1970; nil while the span is under way.
    public var endedAt: UInt64?
    public var data: SpanData
    public var error: SpanError?

    public init(
        id: String,
        trace: Trace,
        parentID: String? = nil,
        startedAt: UInt64,
        endedAt: UInt64? = nil,
        data: SpanData,
        error: SpanError? = nil
    ) {
        self.id = id
        self.trace = trace
        self.parentID = parentID
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.data = data
        self.error = error
    }
}

/// What went wrong in a span.
public struct SpanError: Sendable, Hashable {
    /// One of few sentences, so that spans can be counted by it.
    public var message: String
    public var data: [String: JSONValue]?

    public init(_ message: String, data: [String: JSONValue]? = nil) {
        self.message = message
        self.data = data
    }
}
