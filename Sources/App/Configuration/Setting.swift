/// One thing that can be configured: by a flag, the environment, the configuration file, or its default, in this order.
enum Setting: String, CaseIterable {
    case host, port, database
    case publicURL = "public_url"
    case allowedOrigins = "allowed_origins"
    case trustedProxies = "trusted_proxies"
    case tlsCertificate = "tls_certificate"
    case tlsKey = "tls_key"
    case prompts
    case apiKey = "api_key"
    case baseURL = "base_url"
    case model
    case modelAPI = "model_api"
    case providers
    case unknownPrefixMode = "unknown_prefix_mode"
    case openAIPrefixMode = "openai_prefix_mode"
    case secret
    case secretFile = "secret_file"
    case passwordMinimum = "password_min"
    case rateLimits = "rate_limits"
    case metricsToken = "metrics_token"
    case logLevel = "log_level"
    case tracingDisabled = "tracing_disabled"
    case traceIncludesContents = "trace_include_sensitive_data"
    case otlpEndpoint = "otlp_endpoint"
    case otlpTracesEndpoint = "otlp_traces_endpoint"
    case otlpHeaders = "otlp_headers"
    case otlpTracesHeaders = "otlp_traces_headers"
    case serviceName = "service_name"
    case openAITracing = "openai_tracing"
    case openAIOrganization = "openai_organization"
    case openAIProject = "openai_project"
    case prices
    case limitTurns = "limits_turns"
    case limitToolCalls = "limits_tool_calls"
    case limitIdenticalCalls = "limits_identical_calls"
    case limitDestructiveCalls = "limits_destructive_calls"
    case limitRunTime = "limits_run_time"
    case limitText = "limits_text"
    case limitToolOutput = "limits_tool_output"
    case limitTokens = "limits_tokens"
    case limitCost = "limits_cost"
    case limitTokensPerDay = "limits_tokens_per_day"
    case limitMoneyPerDay = "limits_money_per_day"
    case limitContext = "limits_context"
    case limitRunsPerUser = "limits_runs_per_user"
    case limitConnections = "limits_connections"
    case limitConnectionsPerAddress = "limits_connections_per_address"
    case limitModelConnect = "limits_model_connect"
    case limitModelFirstByte = "limits_model_first_byte"
    case limitModelBetweenBytes = "limits_model_between_bytes"
    case limitModelTries = "limits_model_tries"
    case limitModelRetryAfter = "limits_model_retry_after"

    /// The name in the configuration file.
    var name: String { rawValue }

    var environmentName: String {
        switch self {
        case .apiKey: "OPENAI_API_KEY"
        case .baseURL: "OPENAI_BASE_URL"
        case .logLevel: "LOG_LEVEL"
        case .tracingDisabled: "OPENAI_AGENTS_DISABLE_TRACING"
        case .traceIncludesContents: "OPENAI_AGENTS_TRACE_INCLUDE_SENSITIVE_DATA"
        case .otlpEndpoint: "OTEL_EXPORTER_OTLP_ENDPOINT"
        case .otlpTracesEndpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
        case .otlpHeaders: "OTEL_EXPORTER_OTLP_HEADERS"
        case .otlpTracesHeaders: "OTEL_EXPORTER_OTLP_TRACES_HEADERS"
        case .serviceName: "OTEL_SERVICE_NAME"
        case .openAIOrganization: "OPENAI_ORG_ID"
        case .openAIProject: "OPENAI_PROJECT_ID"
        default: "AGENT_" + rawValue.uppercased()
        }
    }

    /// Shown as `set` wherever settings are printed.
    var isSecret: Bool {
        [.apiKey, .secret, .metricsToken, .otlpHeaders, .otlpTracesHeaders].contains(self)
    }

    var defaultValue: String? {
        switch self {
        case .host: "127.0.0.1"
        case .port: "8080"
        case .database: "sqlite:data/agent.db"
        case .prompts: "prompts"
        case .modelAPI: "responses"
        case .passwordMinimum: "12"
        case .rateLimits: "default"
        case .logLevel: "info"
        case .tracingDisabled, .traceIncludesContents, .openAITracing: "false"
        case .serviceName: "agent"
        case .limitTurns: "10"
        case .limitToolCalls: "32"
        case .limitIdenticalCalls: "3"
        case .limitDestructiveCalls: "5"
        case .limitRunTime: "120"
        case .limitText: "65536"
        case .limitToolOutput: "8192"
        case .limitContext: "64000"
        case .limitRunsPerUser: "2"
        case .limitConnections: "12000"
        case .limitConnectionsPerAddress: "1000"
        case .limitModelConnect: "5"
        case .limitModelFirstByte: "60"
        case .limitModelBetweenBytes: "30"
        case .limitModelTries: "3"
        case .limitModelRetryAfter: "20"
        case .publicURL, .allowedOrigins, .trustedProxies, .tlsCertificate, .tlsKey, .apiKey, .baseURL, .model, .providers, .unknownPrefixMode,
            .openAIPrefixMode, .secret, .secretFile, .prices, .limitTokens, .limitCost, .otlpEndpoint, .otlpTracesEndpoint, .otlpHeaders,
            .otlpTracesHeaders, .metricsToken, .limitTokensPerDay, .limitMoneyPerDay, .openAIOrganization, .openAIProject:
            nil
        }
    }
}
