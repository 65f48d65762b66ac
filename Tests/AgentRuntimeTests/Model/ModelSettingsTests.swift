import AgentRuntime
import AgentTesting
import Testing

@Suite struct ModelSettingsTests {
    private static let base = ModelSettings(
        temperature: 1, topP: 1, toolChoice: .auto, parallelToolCalls: true, maxTokens: 10, frequencyPenalty: 1, presencePenalty: 1,
        reasoningEffort: "high", reasoningSummary: "auto", verbosity: "high", truncation: "auto", store: true, metadata: ["a": "b"],
        topLogprobs: 3, responseInclude: ["reasoning.encrypted_content"], includeUsage: true, promptCacheKey: "k", promptCacheRetention: "24h",
        promptCacheOptions: ["a": 1], contextManagement: ["a": 1], timeout: .seconds(9),
        retry: RetrySettings(
            maxRetries: 5, backoff: .init(initialDelay: .seconds(1), maxDelay: .seconds(2), multiplier: 3, jitter: true),
            policy: .any([.networkError, .httpStatus([500])]), approvesUnsafeReplay: true),
        extraHeaders: ["X-A": "1"], extraQuery: ["a": "1"], extraBody: ["a": 1], extraArgs: ["a": 1])
    private static let zero = ModelSettings(
        temperature: 0, topP: 0, toolChoice: ToolChoice.none, parallelToolCalls: false, maxTokens: 0, frequencyPenalty: 0, presencePenalty: 0,
        reasoningEffort: "", reasoningSummary: "", verbosity: "", truncation: "", store: false, metadata: [:], topLogprobs: 0,
        responseInclude: [], includeUsage: false, promptCacheKey: "", promptCacheRetention: "", promptCacheOptions: false,
        contextManagement: [], timeout: .zero,
        retry: RetrySettings(
            maxRetries: 0, backoff: .init(initialDelay: .zero, maxDelay: .zero, multiplier: 0, jitter: false), policy: .never,
            approvesUnsafeReplay: false),
        extraHeaders: [:], extraQuery: [:], extraBody: [:], extraArgs: ["a": 0])

    @Test func noFieldIsForgotten() {
        for settings in [Self.base, Self.zero] {
            for field in Mirror(reflecting: settings).children {
                #expect(Mirror(reflecting: field.value).children.first != nil, "\(field.label ?? "") is not set")
            }
        }
    }

    @Test func l33_whatIsSetWinsZeroAndFalseToo() {
        #expect(Self.base.overlaid(by: Self.zero) == Self.zero)
        #expect(Self.base.overlaid(by: ModelSettings()) == Self.base)
        #expect(ModelSettings().overlaid(by: Self.base) == Self.base)
    }

    @Test func retryIsMergedFieldByFieldAndExtraArgsByKey() {
        let override = ModelSettings(retry: RetrySettings(maxRetries: 1, backoff: .init(jitter: false)), extraArgs: ["b": 2])
        let merged = Self.base.overlaid(by: override)
        #expect(
            merged.retry
                == RetrySettings(
                    maxRetries: 1, backoff: .init(initialDelay: .seconds(1), maxDelay: .seconds(2), multiplier: 3, jitter: false),
                    policy: .any([.networkError, .httpStatus([500])]), approvesUnsafeReplay: true))
        #expect(merged.extraArgs == ["a": 1, "b": 2])
    }

    @Test func headersBodyAndMetadataAreReplacedWhole() {
        let override = ModelSettings(metadata: ["c": "d"], extraHeaders: ["X-B": "2"], extraQuery: ["b": "2"], extraBody: ["b": 2])
        let merged = Self.base.overlaid(by: override)
        #expect(merged.metadata == ["c": "d"])
        #expect(merged.extraHeaders == ["X-B": "2"])
        #expect(merged.extraQuery == ["b": "2"])
        #expect(merged.extraBody == ["b": 2])
    }

    @Test(arguments: [base, zero, ModelSettings(), ModelSettings(toolChoice: .mcp(server: "s", name: "t"))])
    func settingsComeBackFromJSON(settings: ModelSettings) throws {
        #expect(try JSONValue(encoding: settings).decode(as: ModelSettings.self) == settings)
    }

    @Test(arguments: [
        ("gpt-5", "low"), ("gpt-5-2025-08-07", "low"), ("gpt-5.1", "none"), ("gpt-5.2-pro", "medium"), ("gpt-5.2-pro-2025-12-11", "medium"),
        ("gpt-5.2-codex", "low"), ("gpt-5.4-mini-2026-03-05", "none"), ("gpt-5.6-luna", "none"),
    ])
    func y250_gpt5ModelsHaveAnEffortAndWriteLittle(model: String, effort: String) {
        #expect(ModelSettings.defaults(for: model) == ModelSettings(reasoningEffort: effort, verbosity: "low"))
    }

    @Test(arguments: ["gpt-5-mini", "gpt-5-nano", "gpt-5.9", "gpt-5.2-codex-2026-01-01", "gpt-5-2025-8-07x"])
    func y250_theEffortOfAnUnknownGPT5ModelIsItsProviders(model: String) {
        #expect(ModelSettings.defaults(for: model) == ModelSettings(verbosity: "low"))
    }

    @Test(arguments: ["gpt-5-chat-latest", "gpt-5.3-chat-latest", "gpt-4.1", "qwen3", "", "openai/gpt-5"])
    func y250_otherModelsHaveNoDefaults(model: String) {
        #expect(ModelSettings.defaults(for: model) == ModelSettings())
    }

    @Test func l31_y250_defaultsFollowTheModelThatIsAskedAndNeedUntouchedSettings() async throws {
        func settings(_ own: ModelSettings, model: String, run: (name: String?, settings: ModelSettings)) async throws -> ModelSettings? {
            let first = ScriptedModel([.text("Hi")], name: model)
            let other = run.name.map { ScriptedModel([.text("Hi")], name: $0) }
            var agent = Agent<Void>.stub()
            agent.settings = own
            var config = RunConfig<Void>()
            config.model = other
            config.settings = run.settings
            _ = try await Runner(model: first).run(agent, input: "Hi", context: (), config: config)
            #expect((other == nil) == (first.requests.count == 1))
            return (other ?? first).requests.first?.settings
        }
        #expect(
            try await settings(ModelSettings(), model: "gpt-5", run: (nil, ModelSettings()))
                == ModelSettings(reasoningEffort: "low", verbosity: "low"))
        #expect(
            try await settings(ModelSettings(), model: "gpt-5", run: ("gpt-5.1", ModelSettings(temperature: 1)))
                == ModelSettings(temperature: 1, reasoningEffort: "none", verbosity: "low"))
        #expect(try await settings(ModelSettings(), model: "gpt-5", run: ("gpt-4.1", ModelSettings())) == ModelSettings())
        #expect(
            try await settings(ModelSettings(store: true), model: "gpt-5", run: (nil, ModelSettings())) == ModelSettings(store: true))
    }
}
