/// Reads the chunks of a chat stream: https://platform.openai.com/docs/api-reference/chat-streaming
struct ChatCompletionsReader: WireReader {
    private(set) var hasBegun = false
    private let model: String
    private var hasChoice = false
    private var text = ""
    private var refusal = ""
    private var reasoning = ""
    private var reasoningField = "reasoning_content"
    private var thinking = ThinkingBlocks()
    private var textDetails = ChatTextDetails()
    /// Calls that began before the text did.
    private var callsBeforeText: Int?
    private var calls = ToolCallAssembler()
    private var finishReason: String?
    private var usage = Usage(requests: 1)
    private var id: String?

    init(model: String) {
        self.model = model
    }

    mutating func receive(_ data: String) throws -> [ModelEvent] {
        if data == "[DONE]" { return [.completed(try response())] }
        return try receive(JSONValue(wire: data.utf8))
    }

    func end() throws -> ModelResponse {
        guard finishReason != nil else { throw ModelError.malformed("the stream ended without a finish reason") }
        return try response()
    }

    func response(from json: JSONValue) throws -> ModelResponse {
        var reader = self
        _ = try reader.receive(json)
        // What came in one piece came to its end.
        if reader.finishReason == nil { reader.finishReason = "stop" }
        return try reader.response()
    }

    private mutating func receive(_ chunk: JSONValue) throws -> [ModelEvent] {
        if let error = ModelError(reportedBy: chunk, hasBegun: hasBegun) { throw error }
        id = id ?? chunk["id"]?.string
        if let usage = chunk["usage"], !usage.isNull { self.usage = Usage(chat: usage) }
        let choices = chunk["choices"] ?? .null
        guard choices.isNull || choices.array != nil else { throw ModelError.malformed("its choices are no list") }
        guard let choice = choices.array?.first(where: { ($0["index"]?.integer ?? 0) == 0 }) else { return [] }
        hasChoice = true
        if let reason = choice["finish_reason"]?.string { finishReason = reason }
        textDetails.receive(logprobs: choice["logprobs"])
        let delta = choice["delta"] ?? choice["message"] ?? .null
        thinking.receive(delta["thinking_blocks"]?.array ?? [], areWhole: choice["delta"] == nil)
        let events = try receive(delta: delta, isWhole: choice["delta"] == nil)
        // A role alone is no answer yet.
        hasBegun = hasBegun || finishReason != nil || !events.isEmpty || !calls.isEmpty || !refusal.isEmpty
        return events
    }

    private mutating func receive(delta: JSONValue, isWhole: Bool) throws -> [ModelEvent] {
        var events = receive(reasoningOf: delta)
        if let piece = delta["content"]?.textOfParts, !piece.isEmpty {
            callsBeforeText = callsBeforeText ?? calls.count
            text += piece
            events.append(.textDelta(piece))
        }
        if let piece = delta["refusal"]?.string, !piece.isEmpty {
            callsBeforeText = callsBeforeText ?? calls.count
            refusal += piece
        }
        if let audio = delta["audio"], !audio.isNull { throw ModelError.malformed("it holds audio") }
        textDetails.receive(annotations: delta["annotations"]?.array ?? [])
        for call in delta["tool_calls"]?.array ?? [] { try calls.receive(call, isWhole: isWhole) }
        return events
    }

    private mutating func receive(reasoningOf delta: JSONValue) -> [ModelEvent] {
        let content = delta["reasoning_content"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        guard let piece = content ?? delta["reasoning"]?.string, !piece.isEmpty else { return [] }
        if content == nil, reasoning.isEmpty { reasoningField = "reasoning" }
        reasoning += piece
        return [.reasoningDelta(piece)]
    }

    private func response() throws -> ModelResponse {
        guard hasChoice else { throw ModelError.malformed("it has no choices") }
        if finishReason == "content_filter" { return try withheld() }
        if finishReason == "error" { throw ModelError.failed(code: nil, message: "It gave no reason.") }
        let calls = try calls.calls(areWhole: finishReason != nil && finishReason != "length", of: model)
        if calls.isEmpty, text.isEmpty, refusal.isEmpty {
            if finishReason == "length" { throw ModelError.lengthLimitReached }
            if finishReason == "tool_calls" { throw ModelError.malformed("it announces calls and has none") }
        }
        return ModelResponse(items: items(calls), usage: usage, id: id)
    }

    /// An answer of which nothing came is a refusal, as in the Agents SDK; one of which a part came is neither an answer nor a refusal.
    private func withheld() throws -> ModelResponse {
        guard calls.isEmpty, text.isEmpty else { throw ModelError.contentFiltered }
        var reader = self
        if refusal.isEmpty { reader.refusal = RunError.withheldByProvider }
        return ModelResponse(items: reader.items([]), usage: usage, id: id)
    }

    /// Reasoning, then the calls that began before the text, the text, and the other calls.
    private func items(_ calls: [Item.FunctionCall]) -> [Item] {
        var items: [Item] = []
        if !reasoning.isEmpty || !thinking.blocks.isEmpty { items.append(.other(reasoningItem)) }
        var parts: [Item.Part] = text.isEmpty ? [] : [.text(text)]
        if !refusal.isEmpty { parts.append(.refusal(refusal)) }
        let early = callsBeforeText ?? 0
        items += calls.prefix(early).map(Item.functionCall)
        if !parts.isEmpty { items.append(.message(Item.Message(role: .assistant, content: parts, textDetails: textDetails.members))) }
        return items + calls.dropFirst(early).map(Item.functionCall)
    }

    /// Names its model: no other one understands it. `reasoning_content` is a summary, as in the Agents SDK; other reasoning is content.
    private var reasoningItem: JSONValue {
        var data: [String: JSONValue] = ["model": .string(model)]
        if reasoningField != "reasoning_content" { data["reasoning_field"] = .string(reasoningField) }
        if !thinking.blocks.isEmpty { data["thinking_blocks"] = .array(thinking.blocks) }
        let isSummary = reasoningField == "reasoning_content" && !reasoning.isEmpty
        let summary: [JSONValue] = isSummary ? [["type": "summary_text", "text": .string(reasoning)]] : []
        let texts = thinking.blocks.isEmpty && !isSummary ? [reasoning] : thinking.blocks.compactMap { $0["thinking"]?.string }
        let content = texts.filter { !$0.isEmpty }.map { text -> JSONValue in ["type": "reasoning_text", "text": .string(text)] }
        var item: [String: JSONValue] = ["type": "reasoning", "summary": .array(summary), "provider_data": .object(data)]
        if !content.isEmpty { item["content"] = .array(content) }
        return .object(item)
    }
}

extension JSONValue {
    /// A text, or the texts of a list of parts.
    fileprivate var textOfParts: String? {
        string ?? array.map { $0.compactMap { $0["text"]?.string }.joined() }
    }
}

extension Usage {
    fileprivate init(chat json: JSONValue) {
        self.init(
            requests: 1,
            inputTokens: json["prompt_tokens"]?.count ?? 0,
            outputTokens: json["completion_tokens"]?.count ?? 0,
            totalTokens: json["total_tokens"]?.count,
            cachedTokens: json["prompt_tokens_details"]?["cached_tokens"]?.count ?? 0,
            cacheWriteTokens: json["prompt_tokens_details"]?["cache_write_tokens"]?.count ?? 0,
            reasoningTokens: json["completion_tokens_details"]?["reasoning_tokens"]?.count ?? 0
        )
    }
}
