import AgentRuntime
import Gateway
import Logging
import Tools

/// Makes the models that this process asks: those of the configured providers, or the offline model where none is configured.
struct ModelProvider: Sendable {
    /// The model of agents that name none.
    let model: any Model
    /// Whether the built-in model answers for agents that name none.
    let isOffline: Bool
    /// For the start and the page: which model, and where it is.
    let description: String

    /// Where requests to the models are counted.
    let metrics = Metrics()

    private static let openAI = "https://api.openai.com/v1"

    private let names: MultiProvider

    /// - Parameter breaks: Whether providers that fail again and again are left alone for a while.
    init(_ settings: Settings, breaks: Bool, logger: Logger) throws {
        let others = try ProviderList(settings)
        let maker = try ModelMaker(settings, metrics, breaks: breaks, logger)
        let offline = metrics.observing(OfflineModel())
        let baseURL = settings[.baseURL]
        let key = settings[.apiKey].map { APIKey($0) }
        let isConfigured = baseURL != nil || key != nil
        let main = ProviderAddress(baseURL: baseURL ?? ModelProvider.openAI, api: try WireAPI(settings), apiKey: key)
        let (unknownPrefix, openAIPrefix) = try ModelProvider.prefixes(settings, isAlone: others.providers.isEmpty)
        var providers: [String: MultiProvider.Provider] = [:]
        for (prefix, address) in others.providers { providers[prefix] = maker.provider(prefix, at: address) }
        var mainProvider: MultiProvider.Provider = { _ in offline }
        if isConfigured { mainProvider = maker.provider("main", at: main) }
        let names = MultiProvider(
            main: mainProvider, providers: providers, defaultModel: "gpt-5-mini", unknownPrefix: unknownPrefix, openAIPrefix: openAIPrefix)
        self.names = names
        let chosen = settings.list(.model)
        do {
            let models = try chosen.map { try names.model(named: $0) }
            model = try FallbackModel.chain(of: models) ?? names.model(named: nil)
        } catch {
            throw SettingMistake("\(Setting.model.environmentName): \(error)")
        }
        isOffline = !isConfigured && chosen.allSatisfy { others.address(of: $0) == nil }
        let place = chosen.first.flatMap(others.address)?.baseURL ?? main.baseURL
        let name = chosen.isEmpty ? model.name : chosen.joined(separator: ", then ")
        description = isOffline ? "offline: the built-in model, which understands simple todo sentences" : "\(name) at \(place)"
    }

    /// The model of that name, by the provider that its prefix says; nil for that of agents that name none. Throws `RunError.user`.
    func model(named name: String?) throws -> any Model {
        guard let name else { return model }
        return try names.model(named: name)
    }

    /// Whether a base URL, or none, means OpenAI itself.
    static func isOpenAI(_ baseURL: String?) -> Bool {
        ModelEndpoint(baseURL: baseURL ?? openAI).isOpenAI
    }

    /// A server of the user's own that is the only provider gets names whole, since many have a slash in theirs.
    private static func prefixes(_ settings: Settings, isAlone: Bool) throws -> (MultiProvider.UnknownPrefix, MultiProvider.OpenAIPrefix) {
        let isConfigured = settings[.baseURL] != nil || settings[.apiKey] != nil
        let takesWhole = isAlone && !(isConfigured && isOpenAI(settings[.baseURL]))
        let unknown: MultiProvider.UnknownPrefix? = try settings.word(.unknownPrefixMode, ["error": .error, "model_id": .modelID])
        let openAI: MultiProvider.OpenAIPrefix? = try settings.word(.openAIPrefixMode, ["alias": .alias, "model_id": .modelID])
        return (unknown ?? (takesWhole ? .modelID : .error), openAI ?? (takesWhole ? .modelID : .alias))
    }
}

/// What all models of this process have in common.
private struct ModelMaker: Sendable {
    private let deadlines: TransportDeadlines
    private let retry: RetrySettings
    private let transport = CurlTransport()
    private let longestRetryAfter: Duration
    private let metrics: Metrics
    private let breaks: Bool
    private let logger: Logger

    init(_ settings: Settings, _ metrics: Metrics, breaks: Bool, _ logger: Logger) throws {
        self.breaks = breaks
        self.metrics = metrics
        longestRetryAfter = try settings.duration(.limitModelRetryAfter)
        deadlines = TransportDeadlines(
            connect: try settings.duration(.limitModelConnect),
            firstByte: try settings.duration(.limitModelFirstByte),
            betweenBytes: try settings.duration(.limitModelBetweenBytes)
        )
        retry = RetrySettings(maxRetries: try settings.number(.limitModelTries, in: 1...10) - 1)
        self.logger = logger
    }

    /// All models of a provider share its circuit breaker.
    func provider(_ label: String, at address: ProviderAddress) -> MultiProvider.Provider {
        guard breaks else { return { retrying(model($0, at: address)) } }
        let breaker = CircuitBreaker()
        metrics.watch(breaker, of: label)
        return { retrying(CircuitBreakingModel(model($0, at: address), breaker: breaker)) }
    }

    private func retrying(_ model: any Model) -> any Model {
        RetryingModel(model, retry: retry, longestRetryAfter: longestRetryAfter, logger: logger)
    }

    private func model(_ name: String, at address: ProviderAddress) -> any Model {
        let endpoint = ModelEndpoint(baseURL: address.baseURL, apiKey: address.apiKey, deadlines: deadlines)
        let model: any Model =
            switch address.api {
            case .responses: ResponsesModel(name: name, endpoint: endpoint, transport: transport)
            case .chat: ChatCompletionsModel(name: name, endpoint: endpoint, transport: transport)
            }
        return metrics.observing(model)
    }
}
