extension Agent {
    /// This agent as a tool of another: a call is a run of its own, with the call's text as its input and a log in memory.
    ///
    /// It shares the caller's context and nothing of its conversation or its approvals. Its model calls count in the caller's usage, also
    /// when it fails, which the caller's model is told like any failure of a tool. A nested run cannot wait for a person: a call that needs
    /// approval fails it.
    /// - Parameters:
    ///   - name: Nil for the agent's name as a function's.
    ///   - config: Nil for the caller's, without its hooks and error handlers.
    ///   - output: What the caller reads; nil for the final output.
    ///   - onEvent: Told of each event of the nested run, as it happens.
    public func asTool(
        name: String? = nil,
        description: String,
        config: RunConfig<Context>? = nil,
        output: (@Sendable (RunResult) async throws -> String)? = nil,
        onEvent: (@Sendable (_ record: RunRecord, _ call: CallKey) async -> Void)? = nil
    ) -> AnyTool<Context> {
        let parameters: JSONValue = [
            "type": "object", "properties": ["input": ["type": "string"]], "required": ["input"], "additionalProperties": false,
        ]
        let definition = ToolDefinition(name: name ?? functionName(self.name), description: description, parameters: parameters)
        var tool = AnyTool<Context>(definition: definition, policy: ToolPolicy(effect: .external, timeout: nil)) { arguments, run in
            guard let input = try? JSONValue(json: arguments)["input"]?.string else {
                throw ToolFailure("The arguments must be one JSON object with a text 'input'.")
            }
            guard let nesting = run.nesting, let call = run.call else { throw RunError.user("An agent as a tool works only within a run.") }
            let result = try await nesting.run(self, input, run.value, call, config) { await onEvent?($0, call) }
            guard result.interruptions.isEmpty else { throw ToolFailure("The agent needs a person's approval, which it cannot wait for here.") }
            return try await output?(result) ?? result.latestText
        }
        tool.origin = .agent(self.name)
        return tool
    }
}

extension RunResult {
    /// The output, or the newest text of the run when that is empty.
    fileprivate var latestText: String {
        guard output.isEmpty else { return output }
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
