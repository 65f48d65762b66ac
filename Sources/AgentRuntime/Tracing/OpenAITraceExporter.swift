/// Sends traces and spans to OpenAI's dashboard, as the Agents SDK does:
/// https://github.com/openai/openai-agents-python/blob/main/src/agents/tracing/processors.py
public struct OpenAITraceExporter: TracingExporter {
    /// Where OpenAI takes traces.
    public static let officialEndpoint = "https://api.openai.com/v1/traces/ingest"

    private let endpoint: String
    private let headers: TransportHeaders
    private let upload: TraceUpload

    /// - Parameters:
    ///   - endpoint: Another server gets spans whole; OpenAI's has limits.
    ///   - clock: Measures the pauses before a request is made again: up to three in all, 1 to 30 seconds apart, after 408, 409, 429, 5xx and
    ///     failed connections.
    public init(
        apiKey: APIKey,
        organization: String? = nil,
        project: String? = nil,
        endpoint: String = officialEndpoint,
        transport: any Transport,
        clock: any Clock<Duration> = ContinuousClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.endpoint = endpoint
        var headers: TransportHeaders = [
            "Authorization": "Bearer \(apiKey.text)", "Content-Type": "application/json", "OpenAI-Beta": "traces=v1",
        ]
        headers["OpenAI-Organization"] = organization
        headers["OpenAI-Project"] = project
        self.headers = headers
        upload = TraceUpload(transport: transport, clock: clock, chance: Chance(generator)) { status in
            [408, 409, 429].contains(status) || !(400..<500).contains(status)
        }
    }

    public func export(_ items: [TraceItem]) async throws {
        guard !items.isEmpty else { return }
        let data = items.map { isOfficial ? $0.json.acceptableToOpenAI : $0.json }
        let deadlines = TransportDeadlines(total: .seconds(60))
        let body: JSONValue = ["data": .array(data)]
        _ = try await upload.send(TransportRequest(url: endpoint, method: "POST", headers: headers, body: body.bytes, deadlines: deadlines))
    }

    private var isOfficial: Bool {
        let official = OpenAITraceExporter.officialEndpoint
        return endpoint == official || endpoint == official + "/"
    }
}

extension TraceItem {
    /// As the Agents SDK exports it.
    public var json: JSONValue {
        switch self {
        case .trace(let trace): trace.json
        case .span(let span): span.json
        }
    }
}
