import AgentTesting
import Testing

@testable import AgentRuntime

/// The rows of the conversion between items and chat messages that are not about calls alone.
@Suite struct ConverterTests {
    private func messages(_ items: Item..., model: String = "m") throws -> [JSONValue] {
        try ChatMessages(instructions: nil, items: items, model: model).json
    }

    private func whole(_ message: JSONValue, finish: String = "stop") async throws -> ModelResponse? {
        let json: JSONValue = ["choices": [["index": 0, "message": message, "finish_reason": .string(finish)]]]
        return try await WireAPI.chat.model(FixtureTransport(.json(json))).response(to: .helloAtOnce)
    }

    private func streamed(_ deltas: JSONValue...) async throws -> ModelResponse? {
        let chunks = deltas.map { delta -> JSONValue in ["choices": [["index": 0, "delta": delta]]] }
        let end: JSONValue = ["choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]]
        let stream = (chunks + [end]).map { "data: \($0.text)\n\n" }.joined()
        return try await WireAPI.chat.model(FixtureTransport(.stream(stream))).response(to: .hello)
    }

    @Test(arguments: [Item.Role.system, .developer])
    func y236_theHostSpeaksInTextAlone(role: Item.Role) throws {
        let text = Item.message(Item.Message(role: role, content: [.text("a"), .text("b")]))
        #expect(try messages(text) == [["role": .string(role.rawValue), "content": "a\nb"]])
        let image = Item.message(Item.Message(role: role, content: [.other(["type": "input_image", "image_url": "u"])]))
        #expect(throws: RunError.self) { try messages(image) }
    }

    @Test(arguments: [(nil, "auto"), ("low", "low"), ("original", "high")] as [(String?, String)])
    func y236_anImageHasADetail(detail: String?, expected: String) throws {
        var image: [String: JSONValue] = ["type": "input_image", "image_url": "u"]
        image["detail"] = detail.map(JSONValue.string)
        let message = Item.message(Item.Message(role: .user, content: [.other(.object(image))]))
        #expect(
            try messages(message) == [
                ["role": "user", "content": [["type": "image_url", "image_url": ["url": "u", "detail": .string(expected)]]]]
            ])
    }

    @Test(
        arguments: [
            ["type": "input_image", "file_id": "f"], ["type": "input_file", "file_url": "u"], ["type": "input_file", "file_id": nil],
        ] as [JSONValue])
    func y236_imagesAreSentByURLAndFilesByDataOrId(part: JSONValue) {
        #expect(throws: RunError.self) { try messages(.message(Item.Message(role: .user, content: [.other(part)]))) }
    }

    @Test func y236_audioOfAnAnswerIsRefusedBothWays() async {
        let audio = Item.message(Item.Message(role: .assistant, content: [.other(["type": "output_audio"])]))
        #expect(throws: RunError.user("The Chat Completions API cannot carry an answer's 'output_audio'.")) { try messages(audio) }
        await #expect(throws: ModelError.malformed("it holds audio")) { _ = try await whole(["content": "a", "audio": ["id": "x"]]) }
    }

    @Test(arguments: [["type": "item_reference", "id": "x"], ["type": "compaction"], ["type": "hologram"], [:]] as [JSONValue])
    func y236_otherItemsAreRefused(item: JSONValue) {
        #expect(throws: RunError.self) { try messages(.other(item)) }
    }

    @Test func y236_anOutputIsItsTextsOrSaysThatItIsLeftOut() throws {
        let image: JSONValue = ["type": "input_image", "image_url": "u"]
        func content(_ parts: Item.Part...) throws -> JSONValue? {
            try messages(.functionCallOutput(Item.FunctionCallOutput(callID: "c", content: parts))).first?["content"]
        }
        #expect(try content(.text("a"), .other(image), .text("b")) == [["type": "text", "text": "a"], ["type": "text", "text": "b"]])
        #expect(try content(.other(image)) == "[tool output omitted]")
        #expect(try messages(.output("", of: "c")).first?["content"] == "")
        #expect(throws: RunError.user("The Chat Completions API cannot carry an output without a call id.")) { try messages(.output("a", of: "")) }
    }

    @Test func outputsOfSeveralPartsComeBackFromJSON() {
        let parts: JSONValue = [["type": "input_text", "text": "a"], ["type": "input_image", "image_url": "u"]]
        let json: JSONValue = ["type": "function_call_output", "call_id": "c", "output": parts]
        #expect(Item(json).json == json)
        let list: JSONValue = ["type": "function_call_output", "call_id": "c", "output": [["type": "x"], 7]]
        #expect(Item(list) == .output(#"[{"type":"x"},7]"#, of: "c"))
    }

    @Test func y236_everyAssistantsMessageSaysOrCallsSomething() throws {
        let empty = Item.message(Item.Message(role: .assistant, content: []))
        #expect(try messages(empty) == [["role": "assistant", "content": ""]])
        let refusal = Item.message(Item.Message(role: .assistant, content: [.refusal("No")]))
        #expect(try messages(refusal) == [["role": "assistant", "content": nil, "refusal": "No"]])
    }

    @Test func y236_textsAroundTheCallsOfOneTurnStayOneMessage() throws {
        let all = try messages(.assistant("a"), .call("add", "", id: "c"), .assistant("b"), .output("1", of: "c"))
        #expect(all.map { $0["role"] } == ["assistant", "tool"])
        #expect(all.first?["content"] == "a\nb")
        #expect(all.first?["tool_calls"]?.array?.count == 1)
    }

    @Test func y236_anAnswerBecomesReasoningTextAndCalls() async throws {
        let citation: JSONValue = ["start_index": 0, "end_index": 2, "url": "https://a.test", "title": "A"]
        let message: JSONValue = [
            "reasoning_content": "Hm", "content": "So", "refusal": "No", "annotations": [["type": "url_citation", "url_citation": citation]],
            "tool_calls": [["id": "c", "type": "function", "function": ["name": "add", "arguments": "{}"]]],
        ]
        let items = try await whole(message, finish: "tool_calls")?.items ?? []
        #expect(items.count == 3)
        guard case .message(let said)? = items.dropFirst().first else { Issue.record("no message"); return }
        #expect(said.content == [.text("So"), .refusal("No")])
        #expect(said.textDetails["annotations"]?.array?.first?["url"] == "https://a.test")
        #expect(said.textDetails["annotations"]?.array?.first?["type"] == "url_citation")
        #expect(items.last == .call("add", "{}", id: "c"))
        #expect(Item(items[1].json) == items[1])
    }

    @Test func logProbabilitiesAreKeptWithTheText() async throws {
        let token: JSONValue = ["token": "So", "logprob": -0.5, "bytes": nil, "top_logprobs": []]
        let json: JSONValue = ["choices": [["index": 0, "message": ["content": "So"], "logprobs": ["content": [token]], "finish_reason": "stop"]]]
        let response = try await WireAPI.chat.model(FixtureTransport(.json(json))).response(to: .helloAtOnce)
        guard case .message(let message)? = response?.items.first else { Issue.record("no message"); return }
        #expect(message.textDetails == ["logprobs": [token]])
    }

    @Test func y237_callsThatBeganBeforeTheTextStayBeforeIt() async throws {
        func call(_ index: Int) -> JSONValue {
            ["tool_calls": [["index": .integer(index), "id": .string("c\(index)"), "function": ["name": "add", "arguments": "{}"]]]]
        }
        let response = try await streamed(["reasoning_content": "Hm"], call(0), ["content": "So"], call(1), ["content": "!"])
        #expect(response?.items.dropFirst() == [.call("add", "{}", id: "c0"), .assistant("So!"), .call("add", "{}", id: "c1")])
    }

    @Test func y237_theUsageOfAChunkWithoutChoicesIsKeptAndTheTextIsOneMessage() async throws {
        let response = try await WireAPI.chat.model(FixtureTransport(.stream(WireAPI.chat.stream))).response(to: .hello)
        #expect(response?.usage.totalTokens == 10)
        #expect(response?.items == [.assistant("Hello 🌍")])
    }

    @Test func y248_whatCameAsReasoningGoesBackAsReasoningToItsModelAlone() async throws {
        let items = try await whole(["reasoning": "Hm", "content": "So"])?.items ?? []
        #expect(try ChatMessages(instructions: nil, items: items, model: "m").json == [["role": "assistant", "content": "So", "reasoning": "Hm"]])
        #expect(try ChatMessages(instructions: nil, items: items, model: "n").json == [["role": "assistant", "content": "So"]])
        #expect(items.compactMap(\.responsesJSON) == [["type": "message", "role": "assistant", "content": "So"]])
    }

    @Test func y248_reasoningThatNothingFollowedIsNoLaterTurns() throws {
        let reasoning = Item.other([
            "type": "reasoning", "content": [["text": "Hm"]], "provider_data": ["model": "m", "reasoning_field": "reasoning"],
        ])
        #expect(try messages(reasoning, .user("Go on"), .assistant("So")).last == ["role": "assistant", "content": "So"])
    }

    @Test func y249_geminisSignaturesGoBackWithTheirCallsInOrder() async throws {
        func call(_ id: String, _ signature: String?) -> JSONValue {
            var call: [String: JSONValue] = ["id": .string(id), "type": "function", "function": ["name": "add", "arguments": "{}"]]
            call["extra_content"] = signature.map { ["google": ["thought_signature": .string($0)]] }
            return .object(call)
        }
        let calls = [call("c1", "s1"), call("c2", nil), call("c3", "s3")]
        let items = try await whole(["content": nil, "tool_calls": .array(calls)], finish: "tool_calls")?.items ?? []
        #expect(try ChatMessages(instructions: nil, items: items, model: "m").json.first?["tool_calls"] == .array(calls))
        let others = try ChatMessages(instructions: nil, items: items, model: "n").json.first?["tool_calls"]?.array ?? []
        #expect(others.count == 3)
        #expect(others.allSatisfy { $0["extra_content"] == nil })
        #expect(items.map { Item($0.json) } == items)
        #expect(items.compactMap(\.responsesJSON).allSatisfy { $0["provider_data"] == nil })
    }

    @Test func y249_claudesThinkingBlocksGoBackWholeAndInOrder() async throws {
        let blocks: [JSONValue] = [
            ["type": "thinking", "thinking": "One", "signature": "s1"], ["type": "redacted_thinking", "data": "x"],
            ["type": "thinking", "thinking": "", "signature": "s2"],
        ]
        let calls: JSONValue = [["id": "c", "type": "function", "function": ["name": "add", "arguments": "{}"]]]
        let whole = try await whole(["thinking_blocks": .array(blocks), "content": "So", "tool_calls": calls], finish: "tool_calls")
        let pieces = try await streamed(
            ["thinking_blocks": [["type": "thinking", "thinking": "O"]]], ["thinking_blocks": [["type": "thinking", "thinking": "ne"]]],
            ["thinking_blocks": [["type": "thinking", "thinking": "", "signature": "s1"]]], ["thinking_blocks": [blocks[1], blocks[2]]],
            ["content": "So"], ["tool_calls": [["index": 0, "id": "c", "function": ["name": "add", "arguments": "{}"]]]])
        #expect(pieces?.items == whole?.items)
        let message = try ChatMessages(instructions: nil, items: whole?.items ?? [], model: "m").json.first
        #expect(message?["thinking_blocks"] == .array(blocks))
        #expect(message?["content"] == "So")
        #expect(try ChatMessages(instructions: nil, items: whole?.items ?? [], model: "n").json.first?["thinking_blocks"] == nil)
    }

    @Test func whatIsTheRuntimesOwnNeverLeaves() {
        let item: JSONValue = ["type": "web_search_call", "id": "__fake_id__", "status": "completed", "provider_data": ["a": 1], "created_by": "x"]
        #expect(Item.other(item).responsesJSON == ["type": "web_search_call", "status": "completed"])
        let call = Item.FunctionCall(callID: "c", name: "add", arguments: "", id: "__fake_id__", providerData: ["a": 1])
        #expect(
            Item.functionCall(call).responsesJSON == ["type": "function_call", "call_id": "c", "name": "add", "arguments": "{}"])
        let message = Item.Message(role: .assistant, content: [.text("a"), .refusal("b")], id: "__fake_id__")
        #expect(Item.message(message).responsesJSON == ["type": "message", "role": "assistant", "content": "a\nb"])
        let own = Item.Message(role: .assistant, content: [.text("a")], id: "msg_1", textDetails: ["annotations": [["type": "x"]]])
        #expect(Item.message(own).responsesJSON?["content"]?.array?.first?["annotations"] == [["type": "x"]])
    }
}
