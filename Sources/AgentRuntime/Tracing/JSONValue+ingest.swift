extension JSONValue {
    /// In bytes of JSON.
    private static let longestField = 100_000
    private static let reasoningFields: Set<String> = ["reasoning", "reasoning_content", "thinking_blocks", "thinking"]

    /// An exported span as OpenAI takes it: inputs and outputs cut to size, without reasoning, and usage only of generations, in its form.
    var acceptableToOpenAI: JSONValue {
        guard var span = object, var data = span["span_data"]?.object else { return self }
        let isGeneration = data["type"] == "generation"
        for field in ["input", "output"] {
            guard let value = data[field] else { continue }
            data[field] = (isGeneration ? value.withoutReasoning : value).cut(to: JSONValue.longestField)
        }
        data["usage"] = isGeneration ? data["usage"]?.acceptableUsage : nil
        span["span_data"] = .object(data)
        return .object(span)
    }

    /// The two counts that OpenAI knows; everything else is a detail.
    private var acceptableUsage: JSONValue? {
        guard let members = object, let input = members["input_tokens"], let output = members["output_tokens"] else { return nil }
        let details = members.filter { $0.key != "input_tokens" && $0.key != "output_tokens" && !$0.value.isNull }
        let counts: [String: JSONValue] = ["input_tokens": input, "output_tokens": output]
        return .object(details.isEmpty ? counts : counts.merging(["details": .object(details)]) { first, _ in first })
    }

    private var withoutReasoning: JSONValue {
        guard let items = array else { return self }
        return .array(items.filter { $0["type"] != "reasoning" }.map(\.messageWithoutReasoning))
    }

    private var messageWithoutReasoning: JSONValue {
        guard var message = object, message["role"] == "assistant" else { return self }
        message = message.filter { !JSONValue.reasoningFields.contains($0.key) }
        if let parts = message["content"]?.array {
            message["content"] = .array(parts.filter { $0["type"] != "thinking" && $0["type"] != "redacted_thinking" })
        }
        return .object(message)
    }
}
