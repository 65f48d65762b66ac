extension ModelRequest {
    /// The body of `POST /responses`: https://platform.openai.com/docs/api-reference/responses/create
    func responsesBody(model: String, at endpoint: ModelEndpoint) throws(RunError) -> JSONValue {
        var body: [String: JSONValue] = ["input": .array(input.compactMap(\.responsesJSON))]
        // A prompt at the provider names its own model.
        if !model.isEmpty || prompt == nil { body["model"] = .string(model) }
        body["instructions"] = instructions.map(JSONValue.string)
        if isStreamed { body["stream"] = true }
        let tools = tools.map(\.responsesJSON) + (hostedTools ?? [])
        if !tools.isEmpty { body["tools"] = .array(tools) }
        if !tools.isEmpty || prompt != nil {
            body["tool_choice"] = settings.toolChoice.map(responsesToolChoice)
            body["parallel_tool_calls"] = settings.parallelToolCalls.map(JSONValue.bool)
        }
        body["previous_response_id"] = previousResponseID.map(JSONValue.string)
        body["conversation"] = conversationID.map(JSONValue.string)
        body["prompt"] = prompt?.json
        body["text"] = responsesText
        body.merge(settings.responsesMembers) { mine, _ in mine }
        return try completed(body, at: endpoint)
    }

    private var responsesText: JSONValue? {
        var text: [String: JSONValue] = [:]
        text["format"] = outputFormat.map {
            ["type": "json_schema", "name": .string($0.name), "schema": $0.schema, "strict": .bool($0.isStrict)]
        }
        text["verbosity"] = settings.verbosity.map(JSONValue.string)
        return text.isEmpty ? nil : .object(text)
    }

    /// A name is a function's, unless it is the type of a hosted tool alone.
    private func responsesToolChoice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto, .required, .none: return .string(choice.text)
        case .function(let name):
            let isFunction = tools.contains { $0.name.utf8.elementsEqual(name.utf8) }
            let isHosted = hostedTools?.contains { $0["type"]?.string == name } ?? false
            return isHosted && !isFunction ? ["type": .string(name)] : ["type": "function", "name": .string(name)]
        case .mcp(let server, let name):
            var members: [String: JSONValue] = ["type": "mcp", "server_label": .string(server)]
            members["name"] = name.map(JSONValue.string)
            return .object(members)
        }
    }
}

extension ModelSettings {
    fileprivate var responsesMembers: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["max_output_tokens"] = maxTokens.map(JSONValue.integer)
        members["temperature"] = temperature.map(JSONValue.number)
        members["top_p"] = topP.map(JSONValue.number)
        members["top_logprobs"] = topLogprobs.map(JSONValue.integer)
        members["truncation"] = truncation.map(JSONValue.string)
        members["store"] = store.map(JSONValue.bool)
        members["metadata"] = metadata.map { .object($0.mapValues(JSONValue.string)) }
        members["context_management"] = contextManagement
        members["prompt_cache_retention"] = promptCacheRetention.map(JSONValue.string)
        members["prompt_cache_options"] = promptCacheOptions
        var reasoning: [String: JSONValue] = [:]
        reasoning["effort"] = reasoningEffort.map(JSONValue.string)
        reasoning["summary"] = reasoningSummary.map(JSONValue.string)
        if !reasoning.isEmpty { members["reasoning"] = .object(reasoning) }
        var include = responseInclude ?? []
        if topLogprobs != nil, !include.contains("message.output_text.logprobs") { include.append("message.output_text.logprobs") }
        if !include.isEmpty { members["include"] = .array(include.map(JSONValue.string)) }
        return members
    }
}

extension ToolDefinition {
    fileprivate var responsesJSON: JSONValue {
        ["type": "function", "name": .string(name), "description": .string(description), "parameters": parameters, "strict": .bool(isStrict)]
    }
}
