public import Tracing

/// Makes the traces of a runner and says who is told of them. With no processor and no tracer nothing is made at all.
public struct TraceProvider: Sendable {
    public var processors: [any TracingProcessor]
    /// Makes every span in a back end of swift-distributed-tracing too; nil for the tracer that the process was bootstrapped with.
    public var tracer: (any Tracer)?
    /// Turns everything off.
    public var isDisabled = false
    /// Who serves the models, in the words of the semantic conventions: `openai`, `anthropic`.
    public var modelProviderName = "openai"

    let ids: TraceIDs
    /// Nanoseconds since 1970.
    let now: @Sendable () -> UInt64

    public init(
        processors: [any TracingProcessor] = [],
        tracer: (any Tracer)? = nil,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        now: @escaping @Sendable () -> UInt64 = { DefaultTracerClock.now.nanosecondsSinceEpoch }
    ) {
        self.processors = processors
        self.tracer = tracer
        self.now = now
        ids = TraceIDs(generator)
    }

    /// An id for `RunConfig.groupID`.
    public func makeGroupID() -> String { ids.group() }

    /// An id for `RunConfig.traceID`.
    public func makeTraceID() -> String { ids.trace() }

    /// Makes all runs and spans within `body` parts of one trace. Within another trace it makes none of its own.
    ///
    /// - Parameters:
    ///   - traceID: Nil for a new one.
    ///   - isDisabled: Whether nothing within `body` is traced.
    public func withTrace<Output>(
        _ workflowName: String,
        traceID: String? = nil,
        groupID: String? = nil,
        metadata: [String: JSONValue]? = nil,
        isDisabled: Bool = false,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Output
    ) async rethrows -> Output {
        if isDisabled { return try await TraceScope.off.within(body) }
        guard TraceScope.current == nil else { return try await body() }
        let active = activeTrace { Trace(id: traceID ?? ids.trace(), workflowName: workflowName, groupID: groupID, metadata: metadata) }
        guard let active else { return try await body() }
        active.begin()
        defer { active.end() }
        return try await TraceScope(trace: active, place: .top).within(body)
    }

    /// Returns when every processor has passed on all that it was told.
    public func forceFlush() async {
        for processor in processors { await processor.forceFlush() }
    }

    /// Shuts the processors down together; each has at most `limit`.
    public func shutdown(within limit: Duration? = nil) async {
        await withDiscardingTaskGroup { group in
            for processor in processors { group.addTask { await processor.shutdown(within: limit) } }
        }
    }

    /// Nil when nobody is to be told of anything.
    func activeTrace(_ trace: () -> Trace) -> ActiveTrace? {
        guard !isDisabled else { return nil }
        let tracer = self.tracer ?? InstrumentationSystem.tracer
        let isTracerReal = !(tracer is NoOpTracer)
        guard isTracerReal || !processors.isEmpty else { return nil }
        return ActiveTrace(trace(), of: self, isTracerReal ? tracer : nil)
    }
}
