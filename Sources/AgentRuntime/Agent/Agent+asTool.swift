extension Agent {
    /// This agent as a tool of another: a call is a run of its own within the caller's, with the call's text as its input.
    ///
    /// It shares the caller's context and nothing of its conversation or its approvals. Its events are part of the caller's log and stream, each
    /// under the call, and its model calls count in the caller's usage. A call within it that needs a person's approval interrupts the caller's
    /// run, which asks about it and takes the decision. How it fails is the caller's model told like any failure of a tool.
    /// - Parameters:
    ///   - name: Nil for the agent's name as a function's.
    ///   - config: Nil for the caller's, without its hooks and error handlers.
    ///   - maxTurns: Model calls of one nested run; nil for the agent's own limit.
    ///   - session: What the nested runs remember from call to call.
    ///   - previousResponseID: With which response each nested run goes on, or with `conversationID` which conversation that the provider keeps.
    ///   - output: What the caller reads; nil for the final output.
    ///   - onEvent: Told of each event of the nested run, as it happens. The run waits for it; an error it throws is passed over.
    public func asTool(
        name: String? = nil,
        description: String,
        config: RunConfig<Context>? = nil,
        maxTurns: Int? = nil,
        session: (any Session)? = nil,
        previousResponseID: String? = nil,
        conversationID: String? = nil,
        output: (@Sendable (RunResult) async throws -> String)? = nil,
        onEvent: (@Sendable (_ record: RunRecord, _ call: CallKey) async throws -> Void)? = nil
    ) -> AnyTool<Context> {
        let parameters: JSONValue = [
            "type": "object", "properties": ["input": ["type": "string"]], "required": ["input"], "additionalProperties": false,
        ]
        let nested = NestedAgent(
            agent: self,
            options: Nesting<Context>.Options(
                config: config, maxTurns: maxTurns, session: session, previousResponseID: previousResponseID, conversationID: conversationID),
            output: output, onEvent: onEvent)
        return nested.tool(ToolDefinition(name: name ?? functionName(self.name), description: description, parameters: parameters)) { json, _ in
            guard let input = json["input"]?.string else { throw ToolFailure("The arguments must be one JSON object with a text 'input'.") }
            return [.user(input)]
        }
    }

    /// This agent as a tool whose arguments are a type instead of one text.
    ///
    /// - Parameters:
    ///   - type: What the caller's model has to give, as a JSON Schema object.
    ///   - includesInputSchema: Whether the agent reads the whole schema beside the arguments, instead of a summary of it.
    ///   - input: What the agent reads; nil for a message that holds the arguments as JSON.
    /// - Throws: `SchemaError` when the type's schema cannot be a tool's.
    public func asTool<Arguments: OutputValue>(
        name: String? = nil,
        description: String,
        taking type: Arguments.Type,
        includesInputSchema: Bool = false,
        input: (@Sendable (_ arguments: Arguments, _ run: RunContext<Context>) async throws -> [Item])? = nil,
        config: RunConfig<Context>? = nil,
        maxTurns: Int? = nil,
        session: (any Session)? = nil,
        previousResponseID: String? = nil,
        conversationID: String? = nil,
        output: (@Sendable (RunResult) async throws -> String)? = nil,
        onEvent: (@Sendable (_ record: RunRecord, _ call: CallKey) async throws -> Void)? = nil
    ) throws(SchemaError) -> AnyTool<Context> {
        let schema = try StrictSchema.of(type.outputSchema)
        guard StrictSchema.isObject(schema) else { throw SchemaError("the arguments of a tool are an object") }
        let structured = StructuredToolInput(schema: schema, includesSchema: includesInputSchema)
        let nested = NestedAgent(
            agent: self,
            options: Nesting<Context>.Options(
                config: config, maxTurns: maxTurns, session: session, previousResponseID: previousResponseID, conversationID: conversationID),
            output: output, onEvent: onEvent)
        return nested.tool(ToolDefinition(name: name ?? functionName(self.name), description: description, parameters: schema)) { json, run in
            try structured.check(json)
            guard let input else { return [.user(structured.text(of: json))] }
            return try await input(json.decode(as: type), run)
        }
    }
}

/// An agent that is called as a tool.
private struct NestedAgent<Context: Sendable>: Sendable {
    let agent: Agent<Context>
    let options: Nesting<Context>.Options
    let output: (@Sendable (RunResult) async throws -> String)?
    let onEvent: (@Sendable (_ record: RunRecord, _ call: CallKey) async throws -> Void)?

    func tool(
        _ definition: ToolDefinition,
        input: @escaping @Sendable (_ arguments: JSONValue, _ run: RunContext<Context>) async throws -> [Item]
    ) -> AnyTool<Context> {
        var tool = AnyTool<Context>(definition: definition, policy: ToolPolicy(effect: .external, timeout: nil)) { arguments, run in
            guard let nesting = run.nesting, let call = run.call else { throw RunError.user("An agent as a tool works only within a run.") }
            let result = try await nesting.run(agent, run, options) {
                try await input((try? JSONValue(json: arguments)) ?? .null, run)
            } emit: {
                try? await onEvent?($0, call)
            }
            return try await output?(result) ?? result.latestText
        }
        tool.origin = .agent(agent.name)
        return tool
    }
}

extension RunResult {
    /// The output, or the newest text of the run when that is empty and no output guardrail has looked at it.
    fileprivate var latestText: String {
        guard output.isEmpty, report.outputGuardrailResults.isEmpty else { return output }
        let texts = newItems.lazy.reversed().map { item in
            switch item {
            case .message(let message): message.text
            case .functionCallOutput(let output): output.output
            default: ""
            }
        }
        return texts.first { !$0.isEmpty } ?? ""
    }
}
