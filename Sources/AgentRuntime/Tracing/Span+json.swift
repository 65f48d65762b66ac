extension Span {
    /// As the Agents SDK exports it: https://github.com/openai/openai-agents-python/blob/main/src/agents/tracing/spans.py
    public var json: JSONValue {
        [
            "object": "trace.span", "id": .string(id), "trace_id": .string(trace.id), "parent_id": JSONValue(parentID),
            "started_at": .string(TraceTime.text(of: startedAt)), "ended_at": JSONValue(endedAt.map(TraceTime.text)),
            "span_data": data.json, "error": error?.json ?? .null,
        ]
    }
}

extension SpanError {
    var json: JSONValue { ["message": .string(message), "data": data.map(JSONValue.object) ?? .null] }
}

extension SpanData {
    var json: JSONValue {
        switch self {
        case .task(let name, let usage): custom(["name": .string(name)], usage?.taskJSON)
        case .turn(let turn, let agent, let usage): custom(["turn": .integer(turn), "agent_name": .string(agent)], usage?.turnJSON)
        case .agent(let agent):
            [
                "type": .string(type), "name": .string(agent.name), "handoffs": JSONValue(agent.handoffs), "tools": JSONValue(agent.tools),
                "output_type": .string(agent.outputType),
            ]
        case .generation(let generation): generation.json
        case .response(let generation):
            ["type": .string(type), "response_id": JSONValue(generation.responseID), "usage": generation.usage?.modelJSON ?? .null]
        case .function(let call):
            [
                "type": .string(type), "name": .string(call.name), "input": JSONValue(call.input), "output": JSONValue(call.output),
                "mcp_data": call.mcpServer.map { ["server": .string($0)] } ?? .null,
            ]
        case .handoff(let from, let to): ["type": .string(type), "from_agent": .string(from), "to_agent": JSONValue(to)]
        case .guardrail(let name, let isTriggered): ["type": .string(type), "name": .string(name), "triggered": .bool(isTriggered)]
        case .mcpTools(let server, let tools):
            ["type": .string(type), "server": .string(server), "result": tools.map { JSONValue($0) } ?? .null]
        case .custom(let name, let data): ["type": .string(type), "name": .string(name), "data": .object(data)]
        }
    }

    /// Tasks and turns travel as custom spans.
    private func custom(_ data: [String: JSONValue], _ usage: JSONValue?) -> JSONValue {
        var data = data
        data["sdk_span_type"] = .string(type)
        data["usage"] = usage
        return ["type": "custom", "name": .string(type), "data": .object(data)]
    }
}

extension SpanData.Generation {
    fileprivate var json: JSONValue {
        let instructions = instructions.map { [JSONValue.object(["role": "system", "content": .string($0)])] } ?? []
        return [
            "type": "generation", "input": input.map { .array(instructions + $0.map(\.json)) } ?? .null,
            "output": output.map { .array($0.map(\.json)) } ?? .null, "model": .string(model),
            "model_config": (try? JSONValue(encoding: settings)) ?? .null, "usage": usage?.modelJSON ?? .null,
        ]
    }
}

extension Usage {
    fileprivate var turnJSON: JSONValue {
        [
            "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens), "cached_input_tokens": .integer(cachedTokens),
            "cache_write_input_tokens": .integer(cacheWriteTokens),
        ]
    }

    fileprivate var taskJSON: JSONValue {
        [
            "requests": .integer(requests), "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "total_tokens": .integer(totalTokens), "cached_input_tokens": .integer(cachedTokens),
            "cache_write_input_tokens": .integer(cacheWriteTokens),
        ]
    }

    fileprivate var modelJSON: JSONValue {
        [
            "requests": .integer(requests), "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "total_tokens": .integer(totalTokens),
            "input_tokens_details": ["cached_tokens": .integer(cachedTokens), "cache_write_tokens": .integer(cacheWriteTokens)],
            "output_tokens_details": ["reasoning_tokens": .integer(reasoningTokens)],
        ]
    }

    /// What was used after `earlier`, which is a part of this.
    func since(_ earlier: Usage) -> Usage {
        Usage(
            requests: requests &- earlier.requests,
            inputTokens: inputTokens &- earlier.inputTokens,
            outputTokens: outputTokens &- earlier.outputTokens,
            totalTokens: totalTokens &- earlier.totalTokens,
            cachedTokens: cachedTokens &- earlier.cachedTokens,
            cacheWriteTokens: cacheWriteTokens &- earlier.cacheWriteTokens,
            reasoningTokens: reasoningTokens &- earlier.reasoningTokens
        )
    }
}
