import AgentRuntime
import AgentTesting
import Testing

@Suite struct MultiProviderTests {
    private func provider(_ unknown: MultiProvider.UnknownPrefix = .error, _ openAI: MultiProvider.OpenAIPrefix = .alias) -> MultiProvider {
        MultiProvider(
            main: { ScriptedModel([], name: "main:\($0)") }, providers: ["local": { ScriptedModel([], name: "local:\($0)") }],
            defaultModel: "m", unknownPrefix: unknown, openAIPrefix: openAI)
    }

    @Test(
        arguments: [
            (nil, "main:m"), ("gpt-5", "main:gpt-5"), ("openai/gpt-5", "main:gpt-5"), ("local/qwen3", "local:qwen3"),
            ("local/org/qwen3:4b", "local:org/qwen3:4b"), ("local/", "local:"),
        ] as [(String?, String)])
    func y235_thePrefixNamesTheProvider(name: String?, model: String) throws {
        #expect(try provider().model(named: name).name == model)
    }

    @Test(arguments: ["openrouter/openai/gpt-5", "Local/qwen3", "/x"])
    func y235_anUnknownPrefixIsAMistakeUnlessItIsLiteral(name: String) throws {
        let prefix = name.prefix { $0 != "/" }
        #expect(throws: RunError.user("The model '\(name)' has the unknown prefix '\(prefix)'. Known: local, openai.")) {
            try provider().model(named: name)
        }
        #expect(try provider(.modelID).model(named: name).name == "main:\(name)")
    }

    @Test func y235_openAIsPrefixCanBeLiteralAndAProvidersOwn() throws {
        #expect(try provider(.error, .modelID).model(named: "openai/gpt-5").name == "main:openai/gpt-5")
        var own = provider(.error, .modelID)
        own.providers["openai"] = { ScriptedModel([], name: "own:\($0)") }
        #expect(try own.model(named: "openai/gpt-5").name == "own:gpt-5")
    }

    @Test(
        arguments: [
            ([:], "gpt-5.6-luna"), (["OPENAI_DEFAULT_MODEL": " GPT-5 "], "gpt-5"), (["OPENAI_DEFAULT_MODEL": "  "], "gpt-5.6-luna"),
        ] as [([String: String], String)])
    func y250_theDefaultModelIsTheEnvironments(environment: [String: String], model: String) {
        #expect(MultiProvider.defaultModel(in: environment) == model)
    }
}
