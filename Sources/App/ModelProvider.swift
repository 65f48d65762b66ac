import AgentRuntime
import Logging
import Tools

/// Makes the models that this process asks: those of the configured provider, or the offline model when none is configured.
struct ModelProvider: Sendable {
    /// The model of agents that name none.
    let model: any Model
    /// Whether nothing but the built-in model answers.
    let isOffline: Bool
    /// For the start and the page: which model, and where it is.
    let description: String

    private static let openAI = "https://api.openai.com/v1"

    private let make: @Sendable (String) -> any Model

    init(_ settings: Settings, logger: Logger) throws {
        let baseURL = settings[.baseURL]
        let key = settings[.apiKey].map { APIKey($0) }
        guard baseURL != nil || key != nil else {
            model = OfflineModel()
            isOffline = true
            description = "offline: the built-in model, which understands simple todo sentences"
            make = { _ in OfflineModel() }
            return
        }
        let name = settings[.model] ?? "gpt-5-mini"
        let url = baseURL ?? ModelProvider.openAI
        let endpoint = ModelEndpoint(baseURL: url, apiKey: key, deadlines: try ModelProvider.deadlines(settings))
        let api = try WireAPI(settings)
        let tries = try settings.number(.limitModelTries, in: 1...10)
        let transport = CurlTransport()
        make = { name in RetryingModel(api.model(name, endpoint, transport), retry: RetrySettings(maxRetries: tries - 1), logger: logger) }
        model = make(name)
        isOffline = false
        description = "\(name) at \(url)"
    }

    /// Whether a base URL, or none, means OpenAI itself.
    static func isOpenAI(_ baseURL: String?) -> Bool {
        ModelEndpoint(baseURL: baseURL ?? openAI).isOpenAI
    }

    /// The model of that name at the configured provider.
    func model(named name: String) -> any Model { make(name) }

    private static func deadlines(_ settings: Settings) throws -> TransportDeadlines {
        TransportDeadlines(
            connect: try settings.duration(.limitModelConnect),
            firstByte: try settings.duration(.limitModelFirstByte),
            betweenBytes: try settings.duration(.limitModelBetweenBytes)
        )
    }
}

/// How the provider is spoken to.
private enum WireAPI: String {
    case responses, chat

    init(_ settings: Settings) throws {
        guard let api = WireAPI(rawValue: try settings.text(.modelAPI)) else { throw SettingError.invalid(.modelAPI, "responses or chat") }
        self = api
    }

    func model(_ name: String, _ endpoint: ModelEndpoint, _ transport: any Transport) -> any Model {
        switch self {
        case .responses: ResponsesModel(name: name, endpoint: endpoint, transport: transport)
        case .chat: ChatCompletionsModel(name: name, endpoint: endpoint, transport: transport)
        }
    }
}
