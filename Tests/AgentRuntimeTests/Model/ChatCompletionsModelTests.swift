import AgentRuntime
import AgentTesting
import Testing

@Suite struct ChatCompletionsModelTests {
    private func body(of request: ModelRequest) async throws -> JSONValue {
        let transport = FixtureTransport(.stream(WireAPI.chat.stream))
        _ = try await WireAPI.chat.model(transport).events(for: request)
        return transport.requests.first?.json ?? .null
    }

    /// A stream of these deltas, ended by a finish reason and the mark unless they are left out.
    private func events(_ deltas: [String], finish: String? = "stop", mark: Bool = true) async throws -> [ModelEvent] {
        var chunks = deltas.map { "{\"choices\":[{\"index\":0,\"delta\":\($0),\"finish_reason\":null}]}" }
        if let finish { chunks.append("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\(finish)\"}]}") }
        if mark { chunks.append("[DONE]") }
        let stream = chunks.map { "data: \($0)\n\n" }.joined()
        return try await WireAPI.chat.model(FixtureTransport(.stream(stream))).events(for: .hello)
    }

    private func items(_ deltas: [String], finish: String? = "stop", mark: Bool = true) async throws -> [Item] {
        let events = try await events(deltas, finish: finish, mark: mark)
        guard case .completed(let response)? = events.last else { return [] }
        return response.items
    }

    private static let call = #"{"tool_calls":[{"index":0,"id":"c1","function":{"name":"add","arguments":"{\"a\":1}"}}]}"#
    private static let cutCall = #"{"tool_calls":[{"index":0,"id":"c1","function":{"name":"add","arguments":"{\"a\":"}}]}"#
    private static let text = #"{"content":"So"}"#

    @Test func whatIsNotSetIsNotSent() async throws {
        let body = try await body(of: ModelRequest(input: [.user("Hi")], isStreamed: false))
        #expect(body == ["model": "m", "messages": [["role": "user", "content": "Hi"]]])
    }

    @Test func settingsToolsAndFormatHaveTheirPlaces() async throws {
        let settings = ModelSettings(
            temperature: 0, topP: 0.5, toolChoice: .function("add"), parallelToolCalls: false, maxTokens: 10, frequencyPenalty: 0,
            presencePenalty: 1, reasoningEffort: "low", verbosity: "high", store: false, metadata: ["a": "b"])
        let body = try await body(
            of: ModelRequest(
                instructions: "Be brief.", input: [],
                tools: [ToolDefinition(name: "add", description: "Adds.", parameters: ["type": "object"], isStrict: false)],
                settings: settings, outputFormat: OutputFormat(schema: ["type": "object"])))
        #expect(
            body == [
                "model": "m", "messages": [["role": "system", "content": "Be brief."]], "stream": true, "stream_options": ["include_usage": true],
                "tools": [
                    ["type": "function", "function": ["name": "add", "description": "Adds.", "parameters": ["type": "object"], "strict": false]]
                ],
                "tool_choice": ["type": "function", "function": ["name": "add"]], "parallel_tool_calls": false, "max_tokens": 10,
                "temperature": 0, "top_p": 0.5, "frequency_penalty": 0, "presence_penalty": 1, "reasoning_effort": "low", "verbosity": "high",
                "store": false, "metadata": ["a": "b"],
                "response_format": ["type": "json_schema", "json_schema": ["name": "final_output", "schema": ["type": "object"], "strict": true]],
            ])
    }

    @Test(arguments: [ToolChoice.auto, .required, .none])
    func aToolChoiceIsAWord(choice: ToolChoice) async throws {
        let tool = ToolDefinition(name: "add", description: "", parameters: [:])
        let body = try await body(of: ModelRequest(input: [], tools: [tool], settings: ModelSettings(toolChoice: choice)))
        #expect(body["tool_choice"] == .string(choice.text))
    }

    @Test func oneChunkMayHoldEverything() async throws {
        let stream = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}"
        let events = try await WireAPI.chat.model(FixtureTransport(.stream(stream))).events(for: .hello)
        #expect(events == [.textDelta("Hi"), .completed(ModelResponse(items: [.assistant("Hi")], usage: Usage(requests: 1, inputTokens: 1)))])
    }

    @Test func y237_otherChoicesAreLeftOut() async throws {
        let stream = """
            data: {"choices":[{"index":1,"delta":{"content":"No"},"finish_reason":"stop"}]}

            data: {"choices":[{"index":1,"delta":{"content":"No"}},{"index":0,"delta":{"content":"Yes"},"finish_reason":"stop"}]}

            data: [DONE]


            """
        let events = try await WireAPI.chat.model(FixtureTransport(.stream(stream))).events(for: .hello)
        #expect(events.first == .textDelta("Yes"))
    }

    @Test(arguments: ["reasoning_content", "reasoning"])
    func reasoningIsPassedOnAndKept(key: String) async throws {
        let events = try await events([#"{"\#(key)":"Hm","content":""}"#, #"{"\#(key)":null,"content":"So"}"#])
        #expect(events.dropLast() == [.reasoningDelta("Hm"), .textDelta("So")])
        guard case .completed(let response)? = events.last, case .other(let reasoning)? = response.items.first else {
            Issue.record("no reasoning")
            return
        }
        #expect(reasoning["type"] == "reasoning")
        let text: JSONValue = [["type": key == "reasoning" ? "reasoning_text" : "summary_text", "text": "Hm"]]
        #expect(reasoning["summary"] == (key == "reasoning" ? [] : text))
        #expect(reasoning["content"]?.array == (key == "reasoning" ? text.array : nil))
        #expect(reasoning["provider_data"] == (key == "reasoning" ? ["model": "m", "reasoning_field": "reasoning"] : ["model": "m"]))
        #expect(response.items.dropFirst() == [.assistant("So")])
    }

    @Test func y237_aRefusalComesAfterTheText() async throws {
        let items = try await items([Self.text, #"{"refusal":"No"}"#])
        #expect(items == [.message(Item.Message(role: .assistant, content: [.text("So"), .refusal("No")]))])
    }

    @Test func partsOfContentAreJoined() async throws {
        #expect(try await items([#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"#]) == [.assistant("ab")])
    }

    @Test(
        arguments: [
            ("stop", true), ("stop", false), ("tool_calls", true), ("length", true), ("tool_calls", false), (nil, true), ("eos", true),
        ] as [(String?, Bool)])
    func r108_wholeCallsAreTakenWithAnyEnd(finish: String?, mark: Bool) async throws {
        #expect(try await items([Self.text, Self.call], finish: finish, mark: mark) == [.assistant("So"), .call("add", #"{"a":1}"#, id: "c1")])
    }

    @Test(arguments: [("length", true), (nil, true)] as [(String?, Bool)])
    func r108_aCallThatWasCutOffIsAFault(finish: String?, mark: Bool) async throws {
        await #expect(throws: ModelError.lengthLimitReached) { _ = try await items([Self.text, Self.cutCall], finish: finish, mark: mark) }
        let unbegun = #"{"tool_calls":[{"index":0,"id":"c1","function":{"name":"add","arguments":""}}]}"#
        await #expect(throws: ModelError.lengthLimitReached) { _ = try await items([unbegun], finish: finish, mark: mark) }
    }

    @Test func r108_textThatWasCutOffByTheTokenLimitIsKept() async throws {
        #expect(try await items([Self.text], finish: "length") == [.assistant("So")])
    }

    @Test func r108_aStreamWithoutFinishReasonAndMarkIsAFault() async throws {
        for deltas in [[], [Self.text], [Self.call]] {
            await #expect(throws: ModelError.malformed("the stream ended without a finish reason")) {
                _ = try await items(deltas, finish: nil, mark: false)
            }
        }
    }

    @Test(arguments: [
        ("content_filter", [ChatCompletionsModelTests.text], ModelError.contentFiltered),
        ("content_filter", [ChatCompletionsModelTests.call], .contentFiltered),
        ("length", [], .lengthLimitReached), ("tool_calls", [], .malformed("it announces calls and has none")),
        ("error", [], .failed(code: nil, message: "It gave no reason.")),
    ])
    func r108_y236_endingsThatAreNoAnswerAreFaults(finish: String, deltas: [String], error: ModelError) async throws {
        await #expect(throws: error) { _ = try await items(deltas, finish: finish) }
    }

    @Test func r108_y236_anAnswerOfWhichTheFilterLeftNothingIsARefusal() async throws {
        let withheld = Item.message(Item.Message(role: .assistant, content: [.refusal("Response withheld by the provider's content filter.")]))
        #expect(try await items([], finish: "content_filter") == [withheld])
        #expect(try await items([#"{"reasoning":"Hm"}"#], finish: "content_filter").last == withheld)
        let own = try await items([#"{"refusal":"No"}"#], finish: "content_filter")
        #expect(own == [.message(Item.Message(role: .assistant, content: [.refusal("No")]))])
        #expect(RunError.modelRefusal("Response withheld by the provider's content filter.").failure.code == .contentFiltered)
        #expect(RunError.modelRefusal("No").failure.code == .modelRefused)
    }

    @Test func nothingSaidIsAnAnswerToo() async throws {
        #expect(try await items(["{}"]).isEmpty)
    }

    @Test(arguments: ["{\"choices\":[]}", "{\"choices\":null}", "{}"])
    func r106_y236_anAnswerWithoutChoicesIsAFault(json: String) async throws {
        let transport = FixtureTransport(.json(try JSONValue(json: json)))
        await #expect(throws: ModelError.malformed("it has no choices")) { _ = try await WireAPI.chat.model(transport).events(for: .helloAtOnce) }
    }

    @Test func wholeAnswersHoldCallsAndNeedNoFinishReason() async throws {
        let json =
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"add","arguments":"{}"}}]}}]}"#
        let transport = FixtureTransport(.json(try JSONValue(json: json)))
        let response = try await WireAPI.chat.model(transport).response(to: .helloAtOnce)
        #expect(response?.items == [.call("add", "{}", id: "c1")])
    }

    @Test func y236_everyElementOfAWholeAnswerIsACallWhateverItsIdAndIndex() async throws {
        func call(_ id: String, _ arguments: String) -> JSONValue {
            ["id": .string(id), "index": 0, "type": "function", "function": ["name": "add", "arguments": .string(arguments)]]
        }
        let message: JSONValue = ["content": nil, "tool_calls": [call("a", "{}"), call("a", #"{"n":1}"#), call("b", "{}")]]
        let transport = FixtureTransport(.json(["choices": [["message": message, "finish_reason": "tool_calls"]]]))
        let response = try await WireAPI.chat.model(transport).response(to: .helloAtOnce)
        #expect(response?.items == [.call("add", "{}", id: "a"), .call("add", #"{"n":1}"#, id: "a"), .call("add", "{}", id: "b")])
    }

    @Test func r106_numbersThatAreNoCountsCountAsNothing() async throws {
        let usage = #"{"prompt_tokens":9e99,"completion_tokens":"7","total_tokens":null,"prompt_tokens_details":7}"#
        let json = "{\"choices\":[{\"message\":{\"content\":\"Hi\"}}],\"usage\":\(usage)}"
        let response = try await WireAPI.chat.model(FixtureTransport(.json(try JSONValue(json: json)))).response(to: .helloAtOnce)
        #expect(response?.usage == Usage(requests: 1))
    }
}
