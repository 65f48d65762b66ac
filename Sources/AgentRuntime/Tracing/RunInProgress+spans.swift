extension RunInProgress {
    /// What happens next, with the spans that fit it.
    func nextStep(within limits: RunLimits) -> NextStep<Context> {
        let state = state
        let step = state.nextStep(within: limits)
        trace?.follow(step, state)
        return step
    }

    /// Does `body`, which is all of this part of the run, as a task of its trace.
    func traced<Output>(_ body: () async throws -> Output) async throws -> Output {
        guard let trace else { return try await config.isTracingDisabled ? TraceScope.off.within(body) : body() }
        trace.begin(state.usage)
        defer { trace.end(state.usage) }
        do {
            return try await TraceScope(trace: trace.active, place: .run(trace)).within(body)
        } catch {
            trace.fail(error)
            throw error
        }
    }

    /// Measures `body`; an error that it throws marks the span.
    func span<Output>(_ data: @autoclosure () -> SpanData, _ body: (SpanRecording?) async throws -> Output) async throws -> Output {
        guard let trace else { return try await body(nil) }
        let data = data()
        let span = trace.start(data)
        defer { span.end() }
        do {
            return try await TraceScope(trace: trace.active, place: .span(span)).within { try await body(span) }
        } catch {
            if let error = SpanError(error, in: data, trace.includesSensitiveData) { span.fail(error) }
            throw error
        }
    }

    /// Measures one model call.
    func generation(
        _ request: ModelRequest,
        by model: any Model,
        _ body: () async throws -> ModelResponse
    ) async throws -> ModelResponse {
        trace?.offer(request, to: state.agent)
        return try await span(.generation(generation(request, model))) { span in
            let response = try await body()
            span?.update { $0 = $0.answered(by: response, includesSensitiveData: config.traceIncludesSensitiveData) }
            return response
        }
    }

    /// Notes a call that a person did not agree to.
    func functionRejected(_ call: ToolCall, with text: String) {
        guard let trace, !call.isHandoff else { return }
        var data = SpanData.FunctionCall(name: call.name, callID: call.callID)
        if trace.includesSensitiveData { (data.input, data.output) = (call.arguments, text) }
        let span = trace.start(.function(data))
        span.fail(SpanError("Tool execution was not approved.", data: ["tool_name": .string(call.name)]))
        span.end()
    }

    func guardrail(_ name: String, _ body: () async throws -> GuardrailOutput) async throws -> GuardrailOutput {
        try await span(.guardrail(name: name)) { span in
            let output = try await body()
            span?.update { $0 = .guardrail(name: name, isTriggered: output.reason != nil) }
            return output
        }
    }

    /// Measures a handoff; one that was not the only one of its response is marked. The agent that gave the conversation away ends.
    func handoff(to target: String, _ body: () async throws -> Void) async throws {
        guard let trace else { return try await body() }
        let state = state
        let requested = state.response?.functionCalls.compactMap { state.agent.handoff(named: $0.name)?.agentName } ?? []
        try await span(.handoff(from: state.agent.name, to: target)) { span in
            if requested.count > 1 { span?.fail(SpanError("Multiple handoffs requested", data: ["requested_agents": JSONValue(requested)])) }
            try await body()
        }
        let after = self.state
        if after.response == nil { trace.endAgent(after.usage) }
    }

    private func generation(_ request: ModelRequest, _ model: any Model) -> SpanData.Generation {
        let isShown = config.traceIncludesSensitiveData
        return SpanData.Generation(
            provider: trace?.active.provider.modelProviderName ?? "", model: model.name, settings: request.settings,
            instructions: isShown ? request.instructions : nil, input: isShown ? request.input : nil)
    }
}

extension SpanData {
    fileprivate func answered(by response: ModelResponse, includesSensitiveData: Bool) -> SpanData {
        guard case .generation(var generation) = self else { return self }
        generation.usage = response.usage
        if includesSensitiveData { (generation.output, generation.responseID) = (response.items, response.id) }
        // The ids that the Responses API gives, under which people can look a response up.
        return response.id?.hasPrefix("resp_") == true ? .response(generation) : .generation(generation)
    }
}
