extension ModelRequest {
    /// The body of `POST /responses`: https://platform.openai.com/docs/api-reference/responses/create
    func responsesBody(model: String) -> JSONValue {
        var body: [String: JSONValue] = ["model": .string(model), "input": .array(input.compactMap(\.responsesJSON))]
        body["instructions"] = instructions.map(JSONValue.string)
        if isStreamed { body["stream"] = true }
        body["previous_response_id"] = previousResponseID.map(JSONValue.string)
        body["conversation"] = conversationID.map(JSONValue.string)
        body["prompt"] = prompt?.json
        if !tools.isEmpty { body["tools"] = .array(tools.map(\.responsesJSON)) }
        if !tools.isEmpty || prompt != nil {
            body["tool_choice"] = settings.toolChoice?.responsesJSON
            body["parallel_tool_calls"] = settings.parallelToolCalls.map(JSONValue.bool)
        }
        body["max_output_tokens"] = settings.maxTokens.map(JSONValue.integer)
        body["temperature"] = settings.temperature.map(JSONValue.number)
        body["top_p"] = settings.topP.map(JSONValue.number)
        body["truncation"] = settings.truncation.map(JSONValue.string)
        body["reasoning"] = settings.reasoningEffort.map { ["effort": .string($0)] }
        body["store"] = settings.store.map(JSONValue.bool)
        body["metadata"] = settings.metadata.map { .object($0.mapValues(JSONValue.string)) }
        body["text"] = responsesText
        return .object(body)
    }

    private var responsesText: JSONValue? {
        var text: [String: JSONValue] = [:]
        text["format"] = outputFormat.map {
            ["type": "json_schema", "name": .string($0.name), "schema": $0.schema, "strict": .bool($0.isStrict)]
        }
        text["verbosity"] = settings.verbosity.map(JSONValue.string)
        return text.isEmpty ? nil : .object(text)
    }
}

extension Item {
    /// Nil for reasoning that another wire API noted, which no provider of this one knows.
    fileprivate var responsesJSON: JSONValue? {
        switch self {
        case .functionCall(var call) where call.arguments.isEmpty:
            call.arguments = "{}"
            return Item.functionCall(call).json
        case .other(let json) where json["type"] == "reasoning" && json["provider_data"] != nil: return nil
        default: return json
        }
    }
}

extension ToolDefinition {
    fileprivate var responsesJSON: JSONValue {
        ["type": "function", "name": .string(name), "description": .string(description), "parameters": parameters, "strict": .bool(isStrict)]
    }
}

extension ToolChoice {
    fileprivate var responsesJSON: JSONValue {
        if case .function(let name) = self { ["type": "function", "name": .string(name)] } else { .string(text) }
    }
}
