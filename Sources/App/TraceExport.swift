import AgentRuntime
import Foundation
import Logging

/// Where the traces of this process go: to an OpenTelemetry collector, to OpenAI, to both, or nowhere, which costs nothing.
struct TraceExport: Sendable {
    let provider: TraceProvider
    /// Whether spans hold what was said.
    let includesContents: Bool

    init(_ settings: Settings, isOffline: Bool, logger: Logger) throws {
        includesContents = try settings.flag(.traceIncludesContents)
        var provider = TraceProvider()
        if isOffline { provider.modelProviderName = "offline" }
        provider.isDisabled = try settings.flag(.tracingDisabled)
        if !provider.isDisabled {
            let exporters = try [TraceExport.openTelemetry(settings, logger), TraceExport.openAI(settings)].compactMap(\.self)
            provider.processors = exporters.map { BatchTraceProcessor($0, logger: logger) }
        }
        self.provider = provider
    }

    /// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    private static func openTelemetry(_ settings: Settings, _ logger: Logger) throws -> (any TracingExporter)? {
        guard let url = settings[.otlpTracesEndpoint] ?? settings[.otlpEndpoint].map(tracesURL) else { return nil }
        let setting = settings[.otlpTracesEndpoint] == nil ? Setting.otlpEndpoint : .otlpTracesEndpoint
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw SettingError.invalid(setting, "an address: http://... or https://...")
        }
        let headers = settings[.otlpTracesHeaders] == nil ? Setting.otlpHeaders : .otlpTracesHeaders
        return OTLPTraceExporter(
            url: url, headers: try settings.headers(headers), serviceName: try settings.text(.serviceName), transport: CurlTransport(), logger: logger
        )
    }

    /// Only when it is asked for, and never with the key of another provider.
    private static func openAI(_ settings: Settings) throws -> (any TracingExporter)? {
        guard try settings.flag(.openAITracing) else { return nil }
        guard let key = settings[.apiKey], ModelProvider.isOpenAI(settings[.baseURL]) else {
            throw SettingMistake("AGENT_OPENAI_TRACING (openai_tracing) needs OPENAI_API_KEY, and OpenAI's own address as the model provider's.")
        }
        return OpenAITraceExporter(
            apiKey: APIKey(key), organization: settings[.openAIOrganization], project: settings[.openAIProject], transport: CurlTransport())
    }

    /// The signal's path below the base address.
    private static func tracesURL(below base: String) -> String {
        (base.hasSuffix("/") ? base : base + "/") + "v1/traces"
    }
}

extension Settings {
    /// Yes or no, in the words that people write.
    func flag(_ setting: Setting) throws -> Bool {
        switch try text(setting).lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw SettingError.invalid(setting, "true or false")
        }
    }

    /// `name=value,name=value`, the values percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
    func headers(_ setting: Setting) throws -> TransportHeaders {
        var headers = TransportHeaders()
        for entry in list(setting) {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[0].isEmpty, let value = parts[1].removingPercentEncoding else {
                throw SettingError.invalid(setting, "a list such as name=value,name=value, its values percent-encoded")
            }
            headers.append(value, for: parts[0])
        }
        return headers
    }
}
