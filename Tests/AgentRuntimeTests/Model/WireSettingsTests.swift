import AgentRuntime
import AgentTesting
import Testing

/// What the settings make of a request, at both wire APIs.
@Suite struct WireSettingsTests {
    private static let tool = ToolDefinition(name: "add", description: "Adds.", parameters: ["type": "object"])

    private func sent(_ api: WireAPI, _ request: ModelRequest, to baseURL: String = "http://models.test/v1") async throws -> TransportRequest {
        let transport = FixtureTransport(.stream(api.stream))
        _ = try await api.model(transport, baseURL: baseURL).events(for: request)
        return try #require(transport.requests.first)
    }

    private func body(_ api: WireAPI, _ settings: ModelSettings, tools: [ToolDefinition] = [], hosted: [JSONValue]? = nil) async throws -> JSONValue {
        try await sent(api, ModelRequest(input: [.user("Hi")], tools: tools, hostedTools: hosted, settings: settings)).json
    }

    @Test(arguments: WireAPI.allCases, [true, false])
    func y238_parallelCallsAreSaidOnlyWithTools(api: WireAPI, isParallel: Bool) async throws {
        let settings = ModelSettings(parallelToolCalls: isParallel)
        #expect(try await body(api, settings)["parallel_tool_calls"] == nil)
        #expect(try await body(api, settings, tools: [Self.tool])["parallel_tool_calls"] == .bool(isParallel))
    }

    @Test func y238_aHandoffIsAToolToo() async throws {
        let transport = FixtureTransport(.stream(WireAPI.chat.stream))
        var agent = Agent<Void>.stub(handoffs: [Handoff(to: .stub("Other"))])
        agent.settings.parallelToolCalls = true
        _ = try await Runner(model: WireAPI.chat.model(transport)).run(agent, input: "Hi", context: ())
        #expect(transport.requests.first?.json["parallel_tool_calls"] == true)
    }

    @Test(arguments: WireAPI.allCases, ["model", "temperature", "stream"])
    func y239_anExtraArgumentThatIsThereAlreadyIsRefused(api: WireAPI, key: String) async throws {
        let settings = ModelSettings(temperature: 0.5, extraArgs: [key: 1])
        await #expect(throws: RunError.user("The model settings' 'extra_args' have '\(key)', which the request has already.")) {
            _ = try await body(api, settings)
        }
    }

    @Test(arguments: WireAPI.allCases)
    func extrasHaveTheirPlaces(api: WireAPI) async throws {
        let settings = ModelSettings(
            temperature: 0.5, timeout: .seconds(7), extraHeaders: ["X-Team": "a", "Accept": "text/plain", "Authorization": "no"],
            extraQuery: ["b c": "ä&1", "a": ""], extraBody: ["temperature": 1, "service_tier": "flex"], extraArgs: ["seed": 7])
        let request = try await sent(api, ModelRequest(input: [.user("Hi")], settings: settings), to: "http://models.test/v1?v=2")
        #expect(request.json["temperature"] == 1)
        #expect(request.json["service_tier"] == "flex")
        #expect(request.json["seed"] == 7)
        #expect(request.headers["x-team"] == "a")
        #expect(request.headers["Accept"] == "text/event-stream")
        #expect(request.headers.values(for: "Authorization") == ["Bearer sk-secret"])
        #expect(request.url.hasSuffix("?v=2&a=&b%20c=%C3%A4%261"))
        #expect(request.deadlines.total == .seconds(7))
    }

    @Test func y240_logProbabilitiesNeedAFlagOrAnInclude() async throws {
        let chat = try await body(.chat, ModelSettings(topLogprobs: 0))
        #expect(chat["logprobs"] == true)
        #expect(chat["top_logprobs"] == 0)
        let settings = ModelSettings(topLogprobs: 2, responseInclude: ["reasoning.encrypted_content"])
        let responses = try await body(.responses, settings)
        #expect(responses["include"] == ["reasoning.encrypted_content", "message.output_text.logprobs"])
        #expect(responses["top_logprobs"] == 2)
        #expect(try await body(.responses, ModelSettings())["include"] == nil)
    }

    @Test func y241_aNamedChoiceIsAFunctionsOrAHostedTools() async throws {
        let hosted: [JSONValue] = [["type": "file_search", "vector_store_ids": ["v"]], ["type": "mcp", "server_label": "s", "server_url": "u"]]
        func choice(_ choice: ToolChoice, _ tools: [ToolDefinition] = [Self.tool]) async throws -> JSONValue? {
            try await body(.responses, ModelSettings(toolChoice: choice), tools: tools, hosted: hosted)["tool_choice"]
        }
        #expect(try await choice(.function("add")) == ["type": "function", "name": "add"])
        #expect(try await choice(.function("file_search")) == ["type": "file_search"])
        let namesake = ToolDefinition(name: "file_search", description: "", parameters: [:])
        #expect(try await choice(.function("file_search"), [namesake]) == ["type": "function", "name": "file_search"])
        #expect(try await choice(.mcp(server: "s", name: "t")) == ["type": "mcp", "server_label": "s", "name": "t"])
        #expect(try await choice(.mcp(server: "s", name: nil)) == ["type": "mcp", "server_label": "s"])
        #expect(try await choice(.required) == "required")
    }

    @Test func hostedToolsPassThroughBehindTheFunctions() async throws {
        let search: JSONValue = ["type": "web_search", "search_context_size": "low"]
        let tools = try await body(.responses, ModelSettings(), tools: [Self.tool], hosted: [search])["tools"]?.array
        #expect(tools?.count == 2)
        #expect(tools?.last == search)
    }

    @Test func whatOnlyTheResponsesAPICanDoIsRefusedByChat() async throws {
        let requests = [
            ModelRequest(input: [], hostedTools: [["type": "web_search"]]), ModelRequest(input: [], prompt: HostedPrompt(id: "p")),
            ModelRequest(input: [], settings: ModelSettings(toolChoice: .mcp(server: "s", name: nil))),
        ]
        for request in requests {
            await #expect { _ = try await sent(.chat, request) } throws: { error in
                if case RunError.user = error { true } else { false }
            }
        }
        let request = ModelRequest(input: [], previousResponseID: "r", conversationID: "c", prompt: HostedPrompt(id: "p"))
        let body = try await sent(.responses, request).json
        #expect(body["previous_response_id"] == "r")
        #expect(body["conversation"] == "c")
        #expect(body["prompt"] == ["id": "p"])
    }

    @Test func theUsageOfAStreamIsAskedForUnlessItIsNotWanted() async throws {
        #expect(try await body(.chat, ModelSettings())["stream_options"] == ["include_usage": true])
        #expect(try await body(.chat, ModelSettings(includeUsage: false))["stream_options"] == nil)
    }

    @Test(arguments: WireAPI.allCases)
    func cachingSettingsAreSent(api: WireAPI) async throws {
        let settings = ModelSettings(
            reasoningEffort: "low", reasoningSummary: "auto", promptCacheRetention: "24h", promptCacheOptions: ["a": 1], contextManagement: ["b": 1])
        let body = try await body(api, settings)
        #expect(body["prompt_cache_retention"] == "24h")
        #expect(body["prompt_cache_options"] == ["a": 1])
        #expect(body["context_management"] == (api == .responses ? ["b": 1] : nil))
        #expect(body["reasoning"] == (api == .responses ? ["effort": "low", "summary": "auto"] : nil))
    }

    @Test(arguments: WireAPI.allCases)
    func y247_theConversationsCacheKeyIsForOpenAIAloneAndGivesWayToTheCallers(api: WireAPI) async throws {
        func key(_ settings: ModelSettings = ModelSettings(), at url: String = "https://api.openai.com/v1") async throws -> JSONValue? {
            try await sent(api, ModelRequest(input: [.user("Hi")], settings: settings, promptCacheGroup: "g"), to: url).json["prompt_cache_key"]
        }
        #expect(try await key() == "g")
        #expect(try await key(at: "https://eu.api.openai.com:443/v1?x=1") == "g")
        for url in ["http://api.openai.com/v1", "https://api.openai.com.evil.test", "https://a@x.test/api.openai.com", "http://localhost:1234/v1"] {
            #expect(try await key(at: url) == nil)
        }
        #expect(try await key(ModelSettings(promptCacheKey: "mine")) == "mine")
        #expect(try await key(ModelSettings(promptCacheKey: "mine"), at: "http://localhost/v1") == "mine")
        #expect(try await key(ModelSettings(extraArgs: ["prompt_cache_key": "args"])) == "args")
        #expect(try await key(ModelSettings(extraBody: ["prompt_cache_key": "body"])) == "body")
    }

    @Test func y247_theCacheGroupStaysOverTurnsAndResumingAndTellsConversationsApart() async throws {
        func groups(_ config: RunConfig<Void>, _ input: String, log: InMemoryRunLog, _ steps: ScriptedModel.Step...) async throws -> [String?] {
            let model = ScriptedModel(steps)
            _ = try? await Runner(model: model).run(.stub(tools: [.stub("add")]), input: input, context: (), config: config, log: log)
            return model.requests.map(\.promptCacheGroup)
        }
        let log = InMemoryRunLog()
        let before = try await groups(RunConfig(), "Hi", log: log, .call("add"), .stream([], error: CancellationError()))
        let after = try await groups(RunConfig(), "Hi", log: log, .text("Done"))
        #expect(before.count == 2)
        #expect(after.count == 1)
        #expect(Set(before + after).count == 1)
        #expect(before.first??.hasPrefix("agent-") == true)
        let other = try await groups(RunConfig(), "Hello", log: InMemoryRunLog(), .text("Done"))
        #expect(other != after)
        var config = RunConfig<Void>()
        config.promptCacheGroup = "conversation 7"
        let first = try await groups(config, "Hi", log: InMemoryRunLog(run: "a"), .text("Done"))
        let second = try await groups(config, "Hello", log: InMemoryRunLog(run: "b"), .text("Done"))
        #expect(first == second)
        #expect(first != after)
    }
}
