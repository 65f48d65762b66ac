public import AgentRuntime
import Synchronization

/// What this process counts, for `/metrics`.
public final class Metrics: Sendable {
    let requests = MetricFamily("agent_http_requests_total", "Requests that were answered.", ["route", "method", "status"])
    let requestTimes = MetricFamily(
        "agent_http_request_duration_seconds", "Until a request's answer began.", ["route", "method"], from: Histogram.latencies)
    let rateLimited = MetricFamily("agent_rate_limited_total", "Requests that were refused since there were too many.", ["route"])
    let signIns = MetricFamily("agent_sign_ins_total", "Attempts to sign in, by what became of them.", ["result"])
    let securityEvents = MetricFamily("agent_security_events_total", "Lines of the security log.", ["event"])
    let runs = MetricFamily("agent_runs_total", "Runs that this process carried out, by how they ended here.", ["end"])
    let runTimes = MetricFamily("agent_run_duration_seconds", "How long this process carried out a run.", from: Histogram.durations)
    let toolCalls = MetricFamily("agent_tool_calls_total", "Calls of tools that have a result.", ["tool", "status"])
    let modelRequests = MetricFamily("agent_model_requests_total", "Requests to model providers.", ["model", "result"])
    let modelFirstEvents = MetricFamily(
        "agent_model_first_byte_seconds", "Until the first event of a model's answer.", ["model"], from: Histogram.durations)
    let modelTimes = MetricFamily(
        "agent_model_request_duration_seconds", "Until the end of a model's answer.", ["model"], from: Histogram.durations)
    let tokens = MetricFamily("agent_model_tokens_total", "Tokens as models counted them.", ["model", "kind"])

    private let breakers = Mutex<[String: CircuitBreaker]>([:])

    public init() {}

    /// Shows whether a provider is left alone for now.
    public func watch(_ breaker: CircuitBreaker, of provider: String) {
        breakers.withLock { $0[provider] = breaker }
    }

    var openCircuits: [String: Bool] { breakers.withLock { $0.mapValues(\.isOpen) } }

    /// The same model; its requests are counted.
    public func observing(_ model: any Model) -> any Model {
        ObservedModel(model) { [self] in note($0) }
    }

    private func note(_ observation: ModelObservation) {
        modelRequests.count(observation.model, observation.outcome.label)
        if let time = observation.firstEvent { modelFirstEvents.record(time, observation.model) }
        guard case .answered(let usage) = observation.outcome else { return }
        modelTimes.record(observation.total, observation.model)
        tokens.count(observation.model, "input", by: usage.inputTokens)
        tokens.count(observation.model, "cached_input", by: usage.cachedTokens)
        tokens.count(observation.model, "output", by: usage.outputTokens)
    }
}

extension ModelObservation.Outcome {
    fileprivate var label: String {
        switch self {
        case .answered: "ok"
        case .failed(let code): code.rawValue
        case .cancelled: "cancelled"
        }
    }
}
