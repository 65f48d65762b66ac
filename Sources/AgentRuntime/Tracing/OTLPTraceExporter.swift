public import Logging

/// Sends spans to an OpenTelemetry collector, as JSON over HTTP, in the words of the conventions for generative AI:
/// https://opentelemetry.io/docs/specs/otlp/#otlphttp
public struct OTLPTraceExporter: TracingExporter {
    private let url: String
    private let headers: TransportHeaders
    private let resource: JSONValue
    private let upload: TraceUpload
    private let logger: Logger

    /// - Parameters:
    ///   - url: The whole address, such as `http://localhost:4318/v1/traces`.
    ///   - headers: Sent with every request, such as a credential.
    ///   - resource: What is said of the process, beside its name.
    ///   - clock: Measures the pauses before a request is made again: up to three in all, 1 to 30 seconds apart, after 429, 502, 503, 504 and
    ///     failed connections.
    public init(
        url: String,
        headers: TransportHeaders = [:],
        serviceName: String,
        resource: [String: String] = [:],
        transport: any Transport,
        clock: any Clock<Duration> = ContinuousClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        logger: Logger = Logger(label: "agent.tracing")
    ) {
        self.url = url
        var headers = headers
        headers["Content-Type"] = "application/json"
        self.headers = headers
        let named = ["service.name": serviceName, "telemetry.sdk.name": "agent-runtime", "telemetry.sdk.language": "swift"]
        let attributes = resource.merging(named) { _, own in own }
        self.resource = ["attributes": OTLPValue.attributes(attributes.mapValues(JSONValue.string))]
        upload = TraceUpload(transport: transport, clock: clock, chance: Chance(generator)) { [429, 502, 503, 504].contains($0) }
        self.logger = logger
    }

    /// Spans only: the protocol has no traces of their own.
    public func export(_ items: [TraceItem]) async throws {
        let spans = items.compactMap { if case .span(let span) = $0 { span.otlp } else { nil } }
        guard !spans.isEmpty else { return }
        let body: JSONValue = [
            "resourceSpans": [["resource": resource, "scopeSpans": [["scope": ["name": "agent-runtime"], "spans": .array(spans)]]]]
        ]
        let deadlines = TransportDeadlines(firstByte: .seconds(10), betweenBytes: .seconds(10), total: .seconds(10))
        let answer = try await upload.send(
            TransportRequest(url: url, method: "POST", headers: headers, body: body.bytes, deadlines: deadlines))
        warn(of: answer)
    }

    /// A server that took a part only says so in an answer that is no error.
    private func warn(of answer: [UInt8]) {
        guard let partial = (try? JSONValue(json: answer))?["partialSuccess"] else { return }
        let rejected = partial["rejectedSpans"]?.integer ?? partial["rejectedSpans"]?.string.flatMap { Int($0) } ?? 0
        let message = partial["errorMessage"]?.string ?? ""
        guard rejected > 0 || !message.isEmpty else { return }
        logger.warning("the trace server did not take every span", metadata: ["rejected": "\(rejected)", "message": "\(message.prefix(500))"])
    }
}
