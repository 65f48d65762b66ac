import AgentRuntime
import AgentTesting
import Testing

@Suite struct ResponsesModelTests {
    private func body(of request: ModelRequest) async throws -> JSONValue {
        let transport = FixtureTransport(.stream(WireAPI.responses.stream))
        _ = try await WireAPI.responses.model(transport).events(for: request)
        return transport.requests.first?.json ?? .null
    }

    private func events(_ stream: String) async throws -> [ModelEvent] {
        try await WireAPI.responses.model(FixtureTransport(.stream(stream))).events(for: .hello)
    }

    @Test func whatIsNotSetIsNotSent() async throws {
        let body = try await body(of: ModelRequest(input: [.user("Hi")], isStreamed: false))
        #expect(body == ["model": "m", "input": [["type": "message", "role": "user", "content": "Hi"]]])
    }

    @Test func settingsToolsAndFormatHaveTheirPlaces() async throws {
        let settings = ModelSettings(
            temperature: 0, topP: 0.5, toolChoice: .function("add"), parallelToolCalls: false, maxTokens: 10, reasoningEffort: "low",
            verbosity: "high", truncation: "auto", store: false, metadata: ["a": "b"])
        let body = try await body(
            of: ModelRequest(
                instructions: "Be brief.", input: [], tools: [ToolDefinition(name: "add", description: "Adds.", parameters: ["type": "object"])],
                settings: settings, outputFormat: OutputFormat(schema: ["type": "object"])))
        #expect(
            body == [
                "model": "m", "instructions": "Be brief.", "input": [], "stream": true,
                "tools": [["type": "function", "name": "add", "description": "Adds.", "parameters": ["type": "object"], "strict": true]],
                "tool_choice": ["type": "function", "name": "add"], "parallel_tool_calls": false, "max_output_tokens": 10, "temperature": 0,
                "top_p": 0.5, "truncation": "auto", "reasoning": ["effort": "low"], "store": false, "metadata": ["a": "b"],
                "text": [
                    "format": ["type": "json_schema", "name": "final_output", "schema": ["type": "object"], "strict": true], "verbosity": "high",
                ],
            ])
    }

    @Test func y238_parallelCallsAndToolChoiceNeedTools() async throws {
        let body = try await body(of: ModelRequest(input: [], settings: ModelSettings(toolChoice: .required, parallelToolCalls: true)))
        #expect(body["parallel_tool_calls"] == nil)
        #expect(body["tool_choice"] == nil)
    }

    @Test func l29_aPromptOfTheProviderHasItsPlace() async throws {
        let prompt = HostedPrompt(id: "pmpt_1", version: "2", variables: ["city": "Paris", "photo": ["type": "input_image", "file_id": "f"]])
        var request = ModelRequest(input: [.user("Hi")], settings: ModelSettings(parallelToolCalls: false), prompt: prompt)
        let sent = try await body(of: request)
        #expect(
            sent["prompt"] == ["id": "pmpt_1", "version": "2", "variables": ["city": "Paris", "photo": ["type": "input_image", "file_id": "f"]]])
        #expect(sent["tools"] == nil)
        #expect(sent["parallel_tool_calls"] == false)
        request.prompt = HostedPrompt(id: "pmpt_1")
        #expect(try await body(of: request)["prompt"] == ["id": "pmpt_1"])
    }

    @Test func y248_itemsGoBackAsTheyCame() async throws {
        let reasoning: JSONValue = ["type": "reasoning", "id": "rs_1", "summary": []]
        let foreign: JSONValue = ["type": "reasoning", "summary": [], "provider_data": ["model": "other"]]
        let body = try await body(
            of: ModelRequest(input: [
                .user("Hi"), .other(foreign), .other(reasoning), .call("add", "", id: "c1"), .output("3", of: "c1"), .assistant("3"),
            ]))
        #expect(
            body["input"] == [
                ["type": "message", "role": "user", "content": "Hi"], reasoning,
                ["type": "function_call", "call_id": "c1", "name": "add", "arguments": "{}"],
                ["type": "function_call_output", "call_id": "c1", "output": "3"],
                ["type": "message", "role": "assistant", "content": "3"],
            ])
    }

    @Test func equalRequestsAreEqualBytes() async throws {
        let transport = FixtureTransport(.stream(WireAPI.responses.stream), .stream(WireAPI.responses.stream))
        let model = WireAPI.responses.model(transport)
        _ = try await model.events(for: .hello)
        _ = try await model.events(for: .hello)
        #expect(transport.requests.map(\.body).first == transport.requests.map(\.body).last)
    }

    @Test func reasoningIsPassedOn() async throws {
        let events = try await events(
            """
            data: {"type":"response.reasoning_summary_text.delta","delta":"Hm"}

            data: {"type":"response.reasoning_text.delta","delta":", well"}

            data: {"type":"response.refusal.delta","delta":"No"}

            data: {"type":"response.something.new","delta":"x"}

            data: {"type":"response.completed","response":{"status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No"}]}]}}

            """ + "\n")
        #expect(events.dropLast() == [.reasoningDelta("Hm"), .reasoningDelta(", well")])
        guard case .completed(let response)? = events.last else { Issue.record("no response"); return }
        #expect(response.refusal == "No")
    }

    @Test func r171_anEmptyTerminalOutputIsRefilledInOrder() async throws {
        let call = #"{"type":"function_call","call_id":"c1","name":"add","arguments":"{}"}"#
        let message = #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"So:"}]}"#
        let done = """
            data: {"type":"response.output_item.done","output_index":1,"item":\(call)}

            data: {"type":"response.output_item.done","output_index":0,"item":\(message)}


            """
        let empty = try await events(done + "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n")
        #expect(empty == [.completed(ModelResponse(items: [.assistant("So:"), .call("add", "{}", id: "c1")], usage: Usage(requests: 1)))])
        let full = try await events(done + "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[\(call)]}}\n\n")
        #expect(full == [.completed(ModelResponse(items: [.call("add", "{}", id: "c1")], usage: Usage(requests: 1)))])
    }

    @Test(arguments: [
        (
            #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"Oops"}}}"#,
            ModelError.failed(code: "server_error", message: "Oops")
        ),
        (#"{"type":"response.failed","response":{"status":"failed","error":null}}"#, .malformed("the response is failed")),
        (#"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"}}}"#, .contentFiltered),
        (
            #"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}}"#,
            .lengthLimitReached
        ),
        (#"{"type":"response.incomplete","response":{"status":"incomplete"}}"#, .malformed("the response is incomplete: no reason given")),
        (
            #"{"type":"error","code":"rate_limit_exceeded","message":"Slow down","param":null}"#,
            .failed(code: "rate_limit_exceeded", message: "Slow down")
        ),
        (#"{"type":"response.completed","response":{"status":"completed"}}"#, .malformed("the response has no output")),
        (#"{"type":"response.completed"}"#, .malformed("the response has no output")),
        (
            #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"function_call","name":"add"}]}}"#,
            .malformed("a call has no id or no name")
        ),
        (
            #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"function_call","name":"add","call_id":"c","status":"incomplete"}]}}"#,
            .lengthLimitReached
        ),
        (#"{"no":"type"}"#, .malformed("an event has no type")),
    ])
    func r172_endingsThatAreNoAnswerAreFaults(event: String, error: ModelError) async throws {
        await #expect(throws: error) { _ = try await events("data: \(event)\n\n") }
        if event.contains("\"response\":"), let response = try JSONValue(json: event)["response"] {
            await #expect(throws: error) {
                _ = try await WireAPI.responses.model(FixtureTransport(.json(response))).events(for: .helloAtOnce)
            }
        }
    }

    @Test func r106_numbersThatAreNoCountsCountAsNothing() async throws {
        let usage =
            #"{"input_tokens":1e300,"output_tokens":"7","total_tokens":-5,"input_tokens_details":null,"output_tokens_details":{"reasoning_tokens":2.5}}"#
        let events = try await events("data: {\"type\":\"response.completed\",\"response\":{\"output\":[],\"usage\":\(usage)}}\n\n")
        #expect(events == [.completed(ModelResponse(items: [], usage: Usage(requests: 1, totalTokens: 0)))])
    }

    @Test func argumentsThatAreNotTextBecomeTheirText() async throws {
        let item = #"{"type":"function_call","call_id":"c1","name":"add","arguments":{"a":[1]}}"#
        let events = try await events("data: {\"type\":\"response.completed\",\"response\":{\"output\":[\(item)]}}\n\n")
        #expect(events == [.completed(ModelResponse(items: [.call("add", #"{"a":[1]}"#, id: "c1")], usage: Usage(requests: 1)))])
    }
}
