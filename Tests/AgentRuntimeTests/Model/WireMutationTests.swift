import AgentTesting
import Testing

@testable import AgentRuntime

/// Whatever a provider answers, there is a response that can be kept and sent back, or an error that says what was wrong with it.
@Suite(.timeLimit(.minutes(5))) struct WireMutationTests {
    private let seeds: Range<UInt64> = 0..<400

    @Test(arguments: WireAPI.allCases)
    func r106_streamsWithOtherBytesAreReadOrRefused(api: WireAPI) async throws {
        try await expectResponsesOrErrors(of: api) { mutation in .stream([mutation.bytes(Array(api.everything.utf8))]) }
    }

    @Test(arguments: WireAPI.allCases)
    func r106_streamsWithOtherValuesAreReadOrRefused(api: WireAPI) async throws {
        let events = try events(of: api)
        try await expectResponsesOrErrors(of: api) { mutation in .stream(mutation.stream(events)) }
    }

    @Test(arguments: WireAPI.allCases)
    func r106_wholeAnswersWithOtherValuesAreReadOrRefused(api: WireAPI) async throws {
        try await expectResponsesOrErrors(of: api) { mutation in .json(mutation.json(Self.everything(of: api))) }
    }

    @Test(arguments: WireAPI.allCases)
    func errorAnswersWithOtherValuesAreErrors(api: WireAPI) async throws {
        let error: JSONValue = ["error": ["code": "rate_limit", "type": "busy", "message": "Slow down", "param": nil]]
        for seed in seeds {
            var mutation = WireMutation(seed: seed)
            let headers = TransportHeaders(dictionaryLiteral: ("Retry-After", mutation.one(of: Self.pauses) ?? ""))
            let status = mutation.one(of: [300, 400, 404, 408, 418, 429, 500, 503, 529, 599]) ?? 500
            let body = mutation.bytes(Array(mutation.json(error).data))
            let transport = FixtureTransport(.response(TransportResponse(status: status, headers: headers, body: TransportBody([body]))))
            await #expect(throws: ModelError.self, "seed \(seed)") { _ = try await api.model(transport).response(to: .hello) }
        }
    }

    @Test(arguments: WireAPI.allCases)
    func r106_aRunOverAnyAnswerEndsInAResultOrAnErrorOfTheRun(api: WireAPI) async throws {
        let events = try events(of: api)
        for seed in seeds {
            var mutation = WireMutation(seed: seed)
            let answers = [FixtureTransport.Answer.stream(mutation.stream(events))] + Array(repeating: .stream(api.stream), count: 10)
            let runner = Runner(model: api.model(FixtureTransport(answers)))
            do {
                let result = try await runner.run(.stub(tools: [.stub("add")]), input: "Hi", context: ())
                let calls = result.newItems.filter { if case .functionCall = $0 { true } else { false } }
                let outputs = result.newItems.filter { if case .functionCallOutput = $0 { true } else { false } }
                #expect(calls.count == outputs.count, "seed \(seed)")
            } catch {
                #expect(error is RunError, "seed \(seed): \(error)")
            }
        }
    }

    private func expectResponsesOrErrors(of api: WireAPI, _ answer: (inout WireMutation) throws -> FixtureTransport.Answer) async throws {
        var responses = 0
        for seed in seeds {
            var mutation = WireMutation(seed: seed)
            do {
                guard let response = try await api.model(FixtureTransport(answer(&mutation))).response(to: .hello) else { continue }
                responses += 1
                expectUsable(response, seed)
            } catch {
                #expect(error is ModelError, "seed \(seed): \(error)")
            }
        }
        // Both happen, or the changes are too small or too large to say anything.
        #expect((20..<380).contains(responses))
    }

    private func expectUsable(_ response: ModelResponse, _ seed: UInt64) {
        for item in response.items { #expect(Item(item.json) == item, "seed \(seed)") }
        let usage = response.usage
        #expect([usage.inputTokens, usage.outputTokens, usage.totalTokens, usage.cachedTokens].allSatisfy { $0 >= 0 }, "seed \(seed)")
        let endpoint = ModelEndpoint(baseURL: "http://models.test/v1", apiKey: nil)
        let request = ModelRequest(input: response.items)
        #expect(throws: Never.self, "seed \(seed)") { try request.responsesBody(model: "m", at: endpoint) }
        do {
            _ = try request.chatCompletionsBody(model: "m", at: endpoint)
        } catch {
            guard case .user = error else { Issue.record("seed \(seed): \(error)"); return }
        }
    }

    private func events(of api: WireAPI) throws -> [JSONValue] {
        try api.everything.split(separator: "\n").map { try JSONValue(json: String($0.dropFirst("data: ".utf8.count))) }
    }

    private static let pauses = ["1", "-1", "0.5", "1e400", "99999999999999999999", "nan", "Wed, 21 Oct 9999 07:28:00 GMT", "Wed, 99 Oct", "\u{0}"]

    private static func everything(of api: WireAPI) -> JSONValue {
        switch api {
        case .responses:
            [
                "id": "resp_1", "status": "completed", "error": nil, "incomplete_details": nil,
                "output": [
                    ["type": "reasoning", "id": "rs_1", "summary": [["type": "summary_text", "text": "Hm"]]],
                    Item.assistant("Hello 🌍").json, Item.call("add", #"{"a":"€"}"#, id: "c1").json, ["type": "web_search_call", "id": "ws_1"],
                ],
                "usage": ["input_tokens": 7, "output_tokens": 3, "output_tokens_details": ["reasoning_tokens": 1], "total_tokens": 10],
            ]
        case .chat:
            [
                "id": "chat_1",
                "choices": [
                    [
                        "index": 0, "finish_reason": "tool_calls", "logprobs": ["content": [["token": "So"]]],
                        "message": [
                            "role": "assistant", "content": [["type": "text", "text": "Hello 🌍"]], "reasoning_content": "Hm", "refusal": nil,
                            "annotations": [["type": "url_citation", "url_citation": ["url": "https://a.test"]]],
                            "thinking_blocks": [["type": "thinking", "thinking": "Hm", "signature": "s"]],
                            "tool_calls": [
                                ["id": "c1", "type": "function", "index": 0, "function": ["name": "add", "arguments": #"{"a":1}"#]],
                                ["id": "c2", "type": "function", "index": 1, "function": ["name": "add", "arguments": "{}"]],
                            ],
                        ],
                    ]
                ],
                "usage": ["prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10, "prompt_tokens_details": ["cached_tokens": 4]],
            ]
        }
    }
}
