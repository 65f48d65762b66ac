import Tracing

/// Where in a trace the current task works.
struct TraceScope: Sendable {
    @TaskLocal static var current: TraceScope?

    enum Place: Sendable {
        case top
        case run(RunTrace)
        case span(SpanRecording)
    }

    /// Nothing within it is traced.
    static let off = TraceScope(trace: nil, place: .top)

    /// Nil where tracing is off.
    let trace: ActiveTrace?
    let place: Place

    /// The span that a new one belongs to.
    var parent: SpanRecording? {
        switch place {
        case .top: nil
        case .run(let run): run.innermost
        case .span(let span): span
        }
    }

    /// Does `body` here; outgoing requests carry the place along.
    func within<Output>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Output) async rethrows -> Output {
        try await TraceScope.$current.withValue(self) {
            guard let context = parent?.mirror?.context else { return try await body() }
            return try await ServiceContext.withValue(context) { try await body() }
        }
    }
}
