/// A span in the words of OpenTelemetry's conventions for generative AI, for every back end but OpenAI's own:
/// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/
struct SemanticSpan {
    /// Of low cardinality: an operation and what it is about.
    let name: String
    private(set) var attributes: [String: JSONValue]
    /// Whether something outside the process does the work.
    let isRemote: Bool

    init(of span: Span) {
        isRemote =
            switch span.data {
            case .generation, .response, .mcpTools: true
            default: false
            }
        (name, attributes) = SemanticSpan.described(span.data)
        if let group = span.trace.groupID, attributes["gen_ai.operation.name"] != nil { attributes["gen_ai.conversation.id"] = .string(group) }
        if span.parentID == nil { attributes.merge(span.trace.attributes) { first, _ in first } }
        if let error = span.error { attributes["error.type"] = .string(error.message) }
    }

    private static func described(_ data: SpanData) -> (String, [String: JSONValue]) {
        switch data {
        case .task(let name, let usage): operation("invoke_workflow", name, ["gen_ai.workflow.name": .string(name)], usage)
        case .turn(let turn, let agent, let usage):
            ("turn \(turn)", ["gen_ai.agent.name": .string(agent)].merging(usage.attributes) { first, _ in first })
        case .agent(let agent):
            operation("invoke_agent", agent.name, ["gen_ai.agent.name": .string(agent.name), "gen_ai.provider.name": .string(agent.provider)], nil)
        case .generation(let generation), .response(let generation):
            operation("chat", generation.model, generation.attributes, generation.usage)
        case .function(let call): operation("execute_tool", call.name, call.attributes, nil)
        case .handoff(let from, let to): ("handoff", ["agent.handoff.from": .string(from)].merging(optional: ["agent.handoff.to": to]))
        case .guardrail(let name, let isTriggered):
            ("guardrail \(name)", ["agent.guardrail.name": .string(name), "agent.guardrail.triggered": .bool(isTriggered)])
        case .mcpTools(let server, let tools):
            ("tools/list", ["mcp.method.name": "tools/list", "agent.mcp.server": .string(server), "agent.mcp.tools": JSONValue(tools ?? [])])
        case .custom(let name, let data): (name, data)
        }
    }

    private static func operation(_ name: String, _ subject: String, _ attributes: [String: JSONValue], _ usage: Usage?) -> (
        String, [String: JSONValue]
    ) {
        var attributes = attributes.merging(usage.attributes) { first, _ in first }
        attributes["gen_ai.operation.name"] = .string(name)
        return ("\(name) \(subject)", attributes)
    }
}

extension Trace {
    /// What is said of the whole, once.
    fileprivate var attributes: [String: JSONValue] {
        var attributes: [String: JSONValue] = ["agent.trace.workflow.name": .string(workflowName)]
        for (key, value) in metadata ?? [:] { attributes["agent.trace.metadata.\(key)"] = value }
        return attributes
    }
}

extension SpanData.Generation {
    fileprivate var attributes: [String: JSONValue] {
        var attributes: [String: JSONValue] = ["gen_ai.provider.name": .string(provider), "gen_ai.request.model": .string(model)]
        attributes["gen_ai.request.temperature"] = settings.temperature.map(JSONValue.number)
        attributes["gen_ai.request.top_p"] = settings.topP.map(JSONValue.number)
        attributes["gen_ai.request.max_tokens"] = settings.maxTokens.map(JSONValue.integer)
        attributes["gen_ai.request.frequency_penalty"] = settings.frequencyPenalty.map(JSONValue.number)
        attributes["gen_ai.request.presence_penalty"] = settings.presencePenalty.map(JSONValue.number)
        attributes["gen_ai.response.id"] = responseID.map(JSONValue.string)
        attributes["gen_ai.system_instructions"] = instructions.map { .string(JSONValue.array([.semanticText($0)]).text) }
        attributes["gen_ai.input.messages"] = input.map { .string(JSONValue.array($0.map(\.semanticMessage)).text) }
        attributes["gen_ai.output.messages"] = output.map { .string(JSONValue.array($0.map(\.semanticMessage)).text) }
        return attributes
    }
}

extension SpanData.FunctionCall {
    fileprivate var attributes: [String: JSONValue] {
        let named: [String: JSONValue] = [
            "gen_ai.tool.name": .string(name), "gen_ai.tool.call.id": .string(callID), "gen_ai.tool.type": "function",
        ]
        return named.merging(optional: [
            "gen_ai.tool.call.arguments": input, "gen_ai.tool.call.result": output, "agent.mcp.server": mcpServer,
        ])
    }
}

extension Usage? {
    fileprivate var attributes: [String: JSONValue] {
        guard let self else { return [:] }
        var attributes: [String: JSONValue] = [
            "gen_ai.usage.input_tokens": .integer(self.inputTokens), "gen_ai.usage.output_tokens": .integer(self.outputTokens),
        ]
        if self.cachedTokens > 0 { attributes["gen_ai.usage.cache_read.input_tokens"] = .integer(self.cachedTokens) }
        if self.cacheWriteTokens > 0 { attributes["gen_ai.usage.cache_creation.input_tokens"] = .integer(self.cacheWriteTokens) }
        if self.reasoningTokens > 0 { attributes["gen_ai.usage.reasoning.output_tokens"] = .integer(self.reasoningTokens) }
        return attributes
    }
}

extension [String: JSONValue] {
    fileprivate func merging(optional texts: [String: String?]) -> [String: JSONValue] {
        merging(texts.compactMapValues { $0.map(JSONValue.string) }) { first, _ in first }
    }
}
