extension ModelRequest {
    /// The body of `POST /chat/completions`: https://platform.openai.com/docs/api-reference/chat/create
    ///
    /// Throws `RunError.user` for what Chat Completions does not have.
    func chatCompletionsBody(model: String) throws -> JSONValue {
        if let prompt { throw RunError.user("Chat Completions has no prompts such as '\(prompt.id)'; use the Responses API, or instructions.") }
        let messages = try ChatMessages(instructions: instructions, items: input, model: model)
        var body: [String: JSONValue] = ["model": .string(model), "messages": .array(messages.json)]
        if isStreamed {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        if !tools.isEmpty {
            body["tools"] = .array(tools.map(\.chatJSON))
            body["tool_choice"] = settings.toolChoice?.chatJSON
            body["parallel_tool_calls"] = settings.parallelToolCalls.map(JSONValue.bool)
        }
        body["max_tokens"] = settings.maxTokens.map(JSONValue.integer)
        body["temperature"] = settings.temperature.map(JSONValue.number)
        body["top_p"] = settings.topP.map(JSONValue.number)
        body["frequency_penalty"] = settings.frequencyPenalty.map(JSONValue.number)
        body["presence_penalty"] = settings.presencePenalty.map(JSONValue.number)
        body["reasoning_effort"] = settings.reasoningEffort.map(JSONValue.string)
        body["verbosity"] = settings.verbosity.map(JSONValue.string)
        body["store"] = settings.store.map(JSONValue.bool)
        body["metadata"] = settings.metadata.map { .object($0.mapValues(JSONValue.string)) }
        body["response_format"] = outputFormat.map {
            ["type": "json_schema", "json_schema": ["name": .string($0.name), "schema": $0.schema, "strict": .bool($0.isStrict)]]
        }
        return .object(body)
    }
}

extension ToolDefinition {
    fileprivate var chatJSON: JSONValue {
        [
            "type": "function",
            "function": ["name": .string(name), "description": .string(description), "parameters": parameters, "strict": .bool(isStrict)],
        ]
    }
}

extension ToolChoice {
    fileprivate var chatJSON: JSONValue {
        if case .function(let name) = self { ["type": "function", "function": ["name": .string(name)]] } else { .string(text) }
    }
}
