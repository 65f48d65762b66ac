extension ModelRequest {
    /// The body of `POST /chat/completions`: https://platform.openai.com/docs/api-reference/chat/create
    ///
    /// Throws `RunError.user` for what only the Responses API can do, where leaving it out would change what the model is asked. The names of
    /// conversations are left out: `input` says everything, since this API keeps none.
    func chatCompletionsBody(model: String, at endpoint: ModelEndpoint) throws(RunError) -> JSONValue {
        try refuseWhatChatCannotCarry()
        let messages = try ChatMessages(instructions: instructions, items: input, model: model)
        var body: [String: JSONValue] = ["model": .string(model), "messages": .array(messages.json)]
        if isStreamed {
            body["stream"] = true
            if settings.includeUsage ?? true { body["stream_options"] = ["include_usage": true] }
        }
        if !tools.isEmpty {
            body["tools"] = .array(tools.map(\.chatJSON))
            body["tool_choice"] = settings.toolChoice?.chatJSON
            body["parallel_tool_calls"] = settings.parallelToolCalls.map(JSONValue.bool)
        }
        body["response_format"] = outputFormat.map {
            ["type": "json_schema", "json_schema": ["name": .string($0.name), "schema": $0.schema, "strict": .bool($0.isStrict)]]
        }
        body.merge(settings.chatMembers) { mine, _ in mine }
        return try completed(body, at: endpoint)
    }

    private func refuseWhatChatCannotCarry() throws(RunError) {
        if let tool = hostedTools?.first {
            throw .user("The Chat Completions API has no hosted tools; the agent has one of type '\(tool["type"]?.string ?? "unknown")'.")
        }
        if case .mcp(let server, _)? = settings.toolChoice {
            throw .user("The Chat Completions API cannot choose a tool of the hosted MCP server '\(server)'.")
        }
        if let prompt { throw .user("Chat Completions has no prompts such as '\(prompt.id)'; use the Responses API, or instructions.") }
    }
}

extension ModelSettings {
    fileprivate var chatMembers: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["max_tokens"] = maxTokens.map(JSONValue.integer)
        members["temperature"] = temperature.map(JSONValue.number)
        members["top_p"] = topP.map(JSONValue.number)
        members["frequency_penalty"] = frequencyPenalty.map(JSONValue.number)
        members["presence_penalty"] = presencePenalty.map(JSONValue.number)
        members["reasoning_effort"] = reasoningEffort.map(JSONValue.string)
        members["verbosity"] = verbosity.map(JSONValue.string)
        members["store"] = store.map(JSONValue.bool)
        members["metadata"] = metadata.map { .object($0.mapValues(JSONValue.string)) }
        members["logprobs"] = topLogprobs.map { _ in true }
        members["top_logprobs"] = topLogprobs.map(JSONValue.integer)
        members["prompt_cache_retention"] = promptCacheRetention.map(JSONValue.string)
        members["prompt_cache_options"] = promptCacheOptions
        return members
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
