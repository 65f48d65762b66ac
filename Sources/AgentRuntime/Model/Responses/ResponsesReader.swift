/// Reads the events of a Responses stream: https://platform.openai.com/docs/api-reference/responses-streaming
struct ResponsesReader: WireReader {
    private(set) var hasBegun = false
    /// Items that were reported as done, which stand in for a terminal event without any.
    private var items: [(place: Int, json: JSONValue)] = []

    mutating func receive(_ data: String) throws -> [ModelEvent] {
        if data == "[DONE]" { return [] }
        let event = try JSONValue(wire: data.utf8)
        switch event["type"]?.string {
        case "response.created", "response.queued", "response.in_progress": return []
        case "response.completed", "response.incomplete", "response.failed":
            return [.completed(try response(from: event["response"] ?? .null))]
        case "error": throw ModelError(reportedBy: ["error": event["error"] ?? event], hasBegun: hasBegun) ?? .malformed("it holds an error")
        case nil:
            throw ModelError(reportedBy: event, hasBegun: hasBegun) ?? .malformed("an event has no type")
        case let type?:
            hasBegun = true
            return receive(event, type)
        }
    }

    func end() throws -> ModelResponse {
        throw ModelError.malformed("the stream ended without its terminal event")
    }

    func response(from json: JSONValue) throws -> ModelResponse {
        if let error = ModelError(reportedBy: json, hasBegun: hasBegun) { throw error }
        switch json["status"]?.string {
        case nil, "completed": break
        case "incomplete": throw ModelError(incomplete: json["incomplete_details"]?["reason"]?.string)
        case let status?: throw ModelError.malformed("the response is \(status.prefix(40))")
        }
        guard let output = json["output"]?.array else { throw ModelError.malformed("the response has no output") }
        let items = output.isEmpty ? items.sorted { $0.place < $1.place }.map(\.json) : output
        return ModelResponse(items: try items.map(item), usage: Usage(responses: json["usage"]), id: json["id"]?.string)
    }

    private mutating func receive(_ event: JSONValue, _ type: String) -> [ModelEvent] {
        switch type {
        case "response.output_text.delta": return event["delta"]?.string.map { [.textDelta($0)] } ?? []
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
            return event["delta"]?.string.map { [.reasoningDelta($0)] } ?? []
        case "response.output_item.done":
            if let item = event["item"] { items.append((event["output_index"]?.integer ?? items.count, item)) }
            return []
        default: return []
        }
    }

    private func item(_ json: JSONValue) throws(ModelError) -> Item {
        let item = Item(json)
        if case .other = item, json["type"] == "function_call" { throw .malformed("a call has no id or no name") }
        if case .functionCall = item, json["status"] == "incomplete" { throw .lengthLimitReached }
        return item
    }
}

extension ModelError {
    fileprivate init(incomplete reason: String?) {
        switch reason {
        case "content_filter": self = .contentFiltered
        case "max_output_tokens": self = .lengthLimitReached
        default: self = .malformed("the response is incomplete: \((reason ?? "no reason given").prefix(60))")
        }
    }
}

extension Usage {
    fileprivate init(responses json: JSONValue?) {
        self.init(
            requests: 1,
            inputTokens: json?["input_tokens"]?.count ?? 0,
            outputTokens: json?["output_tokens"]?.count ?? 0,
            totalTokens: json?["total_tokens"]?.count,
            cachedTokens: json?["input_tokens_details"]?["cached_tokens"]?.count ?? 0,
            cacheWriteTokens: json?["input_tokens_details"]?["cache_write_tokens"]?.count ?? 0,
            reasoningTokens: json?["output_tokens_details"]?["reasoning_tokens"]?.count ?? 0
        )
    }
}
