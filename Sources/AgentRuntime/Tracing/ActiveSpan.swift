/// The span that the current task works in, for the code that it measures; outside a trace it takes everything and keeps nothing.
public struct ActiveSpan: Sendable {
    let recording: SpanRecording?

    /// The innermost span of the current task, such as that of the tool call in whose body this is.
    public static var current: ActiveSpan { ActiveSpan(recording: TraceScope.current?.parent) }

    /// Nil outside a trace.
    public var id: String? { recording?.id }

    /// Adds to the data of a custom span; spans of other kinds stay as they are.
    public func set(_ key: String, to value: JSONValue) {
        recording?.update { data in
            guard case .custom(let name, var values) = data else { return }
            values[key] = value
            data = .custom(name: name, data: values)
        }
    }

    /// Says that what the span measures went wrong, without ending it.
    public func fail(_ message: String, data: [String: JSONValue]? = nil) {
        recording?.fail(SpanError(message, data: data))
    }
}

/// Measures `body` as a span of the application's own within the current one; outside a trace it only does `body`.
///
/// An error that `body` throws marks the span with its type's name, not with its text.
public func withCustomSpan<Output>(
    _ name: String,
    data: [String: JSONValue] = [:],
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ActiveSpan) async throws -> Output
) async rethrows -> Output {
    try await withSpan(.custom(name: name, data: data), failing: "Error in custom span") { try await body(ActiveSpan(recording: $0)) }
}

/// Measures `body` as a span within the current one, which an error marks with `message` and its type's name; outside a trace it only does `body`.
func withSpan<Output>(
    _ data: @autoclosure () -> SpanData,
    failing message: String,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (SpanRecording?) async throws -> Output
) async rethrows -> Output {
    guard let scope = TraceScope.current, let trace = scope.trace else { return try await body(nil) }
    let recording = trace.start(data(), in: scope.parent)
    defer { recording.end() }
    do {
        return try await TraceScope(trace: trace, place: .span(recording)).within { try await body(recording) }
    } catch {
        if !(error is CancellationError), !recording.hasFailed {
            recording.fail(SpanError(message, data: ["name": .string(String(describing: type(of: error)))]))
        }
        throw error
    }
}
