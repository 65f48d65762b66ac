import AgentRuntime
import AgentTesting
import Testing

@Suite struct UsageTests {
    private static let one = Usage(
        requests: 1, inputTokens: 10, outputTokens: 5, totalTokens: 16, cachedTokens: 4, cacheWriteTokens: 3, reasoningTokens: 2)

    @Test func y245_allFieldsAreAdded() {
        let sum = Self.one + Self.one
        #expect(sum.requests == 2)
        #expect(sum.inputTokens == 20)
        #expect(sum.outputTokens == 10)
        #expect(sum.totalTokens == 32)
        #expect(sum.cachedTokens == 8)
        #expect(sum.cacheWriteTokens == 6)
        #expect(sum.reasoningTokens == 4)
    }

    @Test func y245_eachAnsweredRequestHasAnEntry() {
        let sum = Usage() + Self.one + Usage(requests: 1, inputTokens: 1) + Self.one
        #expect(sum.requestEntries.map(\.inputTokens) == [10, 1, 10])
        #expect(sum.requestEntries.first?.cacheWriteTokens == 3)
        #expect((Usage() + (Self.one + Usage(requests: 1, inputTokens: 1)) + Self.one) == sum)
    }

    @Test func y245_nothingAndSeveralRequestsAtOnceMakeNoEntry() {
        let sum = Usage() + Usage(requests: 1) + Usage(requests: 2, inputTokens: 10)
        #expect(sum.requests == 3)
        #expect(sum.requestEntries.isEmpty)
    }

    @Test func y245_entriesAreDetached() {
        var source = Self.one
        let sum = Usage() + source
        source.inputTokens = 99
        #expect(sum.requestEntries.map(\.inputTokens) == [10])
    }

    @Test(arguments: [
        "{}", #"{"requests":null,"input_tokens":null,"request_usage_entries":null}"#,
        #"{"requests":0,"input_tokens":0,"output_tokens":0,"total_tokens":0,"cached_tokens":0,"reasoning_tokens":0}"#,
    ])
    func y245_whatIsAbsentOrNullIsNothing(json: String) throws {
        #expect(try JSONValue(json: json).decode(as: Usage.self) == Usage())
    }

    @Test(arguments: [Usage(), one, Usage() + one + one])
    func usageComesBackFromJSON(usage: Usage) throws {
        let json = try JSONValue(encoding: usage)
        #expect(try json.decode(as: Usage.self) == usage)
        #expect((json["request_usage_entries"] == nil) == usage.requestEntries.isEmpty)
    }

    @Test func y245_theEntriesOfNestedRunsAreAmongTheOuterOnes() async throws {
        func usage(_ tokens: Int) -> Usage { Usage(requests: 1, inputTokens: tokens) }
        let inner = ScriptedModel(.response(.said("Four", usage: usage(2))))
        var helper = Agent<Void>.stub("Helper")
        helper.model = inner
        let agent = Agent<Void>.stub(tools: [helper.asTool(description: "Helps.")])
        let call = Item.FunctionCall(callID: "c", name: "helper", arguments: #"{"input":"2 + 2"}"#)
        let outer = ScriptedModel(.response(.calling(call, usage: usage(1))), .response(.said("Four", usage: usage(3))))
        let result = try await Runner(model: outer).run(agent, input: "2 + 2?", context: ())
        #expect(result.usage.requestEntries.map(\.inputTokens) == [1, 2, 3])
        #expect(result.usage.inputTokens == 6)
    }

    @Test(arguments: WireAPI.allCases)
    func cacheWritesAreCounted(api: WireAPI) async throws {
        var whole = api.whole.object ?? [:]
        let key = api == .chat ? "prompt_tokens_details" : "input_tokens_details"
        whole["usage"] = .object((whole["usage"]?.object ?? [:]).merging([key: ["cached_tokens": 4, "cache_write_tokens": 6]]) { _, new in new })
        let response = try await api.model(FixtureTransport(.json(.object(whole)))).response(to: .helloAtOnce)
        #expect(response?.usage.cacheWriteTokens == 6)
    }
}
