import AgentRuntime
import AgentTesting

/// What providers answer, at random: every kind of item that one can send, in every order.
struct RandomResponses {
    private var generator: SeededGenerator
    private var lastID = 0

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func step() -> ScriptedModel.Step {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: .stream([.textDelta(text()), .reasoningDelta("Hm"), .textDelta(text())], error: ModelError.interrupted(.connectionLost("")))
        case 1: .error(ModelError.contentFiltered)
        case 2: .response(ModelResponse(items: [message()], usage: usage()))
        default: .response(response())
        }
    }

    private mutating func response() -> ModelResponse {
        var items: [Item] = []
        if generator.chance(3) { items.append(reasoning()) }
        for _ in 0..<Int.random(in: 0...2, using: &generator) { items.append(hosted()) }
        if generator.chance(2) { items.append(message()) }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let call = call()
            items.append(call)
            if generator.chance(6) { items.append(call) }
            if generator.chance(6) { items.append(reasoning()) }
        }
        if generator.chance(4) { items.append(message()) }
        return ModelResponse(items: items, usage: usage(), id: generator.chance(2) ? newID("resp") : nil)
    }

    mutating func text() -> String {
        let texts = [
            "Hi", "Zażółć 🌍👨‍👩‍👧", "a\r\nb", "e\u{301}", "\u{0}\u{1F}", "\"\\/", "</s>", String(repeating: "long ", count: 40), " ", "",
        ]
        return texts.randomElement(using: &generator) ?? ""
    }

    private mutating func message() -> Item {
        var parts: [Item.Part] = []
        for _ in 0..<Int.random(in: 0...2, using: &generator) { parts.append(.text(text())) }
        if generator.chance(8) { parts.append(.refusal("No.")) }
        let id = [nil, newID("msg"), "__fake_id__"].randomElement(using: &generator) ?? nil
        let citation: JSONValue = ["type": "url_citation", "url": "https://a.test", "title": "A", "start_index": 0, "end_index": 1]
        let details: [String: JSONValue] = id != nil && parts.count == 1 && generator.chance(3) ? ["annotations": [citation]] : [:]
        return .message(Item.Message(role: .assistant, content: parts, id: id, textDetails: details))
    }

    /// The latter two are those of chat servers: this one's and another's.
    private mutating func reasoning() -> Item {
        let texts: JSONValue = [["type": "reasoning_text", "text": .string(text())]]
        let kinds: [JSONValue] = [
            ["type": "reasoning", "id": .string(newID("rs")), "summary": [["type": "summary_text", "text": "Hm"]]],
            ["type": "reasoning", "id": .string(newID("rs")), "summary": [], "encrypted_content": "gAAA"],
            ["type": "reasoning", "summary": [], "content": texts, "provider_data": ["model": "m"]],
            ["type": "reasoning", "summary": [], "content": texts, "provider_data": ["model": "m", "reasoning_field": "reasoning"]],
            ["type": "reasoning", "summary": [], "content": texts, "provider_data": ["model": "n", "thinking_blocks": [["type": "thinking"]]]],
        ]
        return .other(kinds.randomElement(using: &generator) ?? .null)
    }

    private mutating func hosted() -> Item {
        let kinds: [JSONValue] = [
            ["type": "web_search_call", "id": .string(newID("ws")), "status": "completed", "created_by": "x"],
            ["type": "file_search_call", "id": .string(newID("fs")), "status": "completed", "queries": ["a"], "results": nil],
        ]
        return .other(kinds.randomElement(using: &generator) ?? .null)
    }

    private mutating func call() -> Item {
        let names = ["read", "read", "fetch", "delete", "draw", "unknown", "transfer_to_first", "transfer_to_second"]
        let arguments = ["", "{}", #"{"text":"\u00e9🌍"}"#, #"{"a":"#, "[1]", "null", " ", #"{"a":{"b":[1,2,null]}}"#]
        let data: JSONValue = ["model": "m", "extra_content": ["google": ["thought_signature": "s"]]]
        return .functionCall(
            Item.FunctionCall(
                callID: newID("call"), name: names.randomElement(using: &generator) ?? "read",
                arguments: arguments.randomElement(using: &generator) ?? "", id: generator.chance(2) ? newID("fc") : nil,
                providerData: generator.chance(5) ? data : nil))
    }

    private mutating func usage() -> Usage { Usage(requests: 1, inputTokens: Int.random(in: 0...9, using: &generator)) }

    private mutating func newID(_ prefix: String) -> String {
        lastID += 1
        return "\(prefix)_\(lastID)_\(UInt16.random(in: 0...UInt16.max, using: &generator))"
    }
}
