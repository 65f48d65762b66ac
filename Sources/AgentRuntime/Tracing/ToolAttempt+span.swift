extension ToolAttempt {
    /// Carries the call out as a span, also when it comes to nothing.
    func measured() async -> Outcome {
        guard let trace = run.trace else { return await carryOut() }
        let isShown = trace.includesSensitiveData
        var data = SpanData.FunctionCall(name: String(call.name.prefix(128)), callID: call.callID, input: isShown ? call.arguments : nil)
        if case .mcp(let server) = call.origin { data.mcpServer = server }
        let span = trace.start(.function(data))
        defer { span.end() }
        let outcome = await TraceScope(trace: trace.active, place: .span(span)).within { await carryOut() }
        if let result = outcome.result { span.take(result, of: call, isShown) }
        if let error = outcome.error, let error = SpanError(error, in: .function(data), isShown) { span.fail(error) }
        return outcome
    }

    /// Keeps what the model may be told only in a fixed sentence.
    func noteOnSpan(_ error: any Error) {
        guard let trace = run.trace, let span = TraceScope.current?.parent else { return }
        let isShown = trace.includesSensitiveData
        span.fail(SpanError(of: call, isShown ? String(describing: error) : "", isShown))
    }
}

extension SpanRecording {
    fileprivate func take(_ result: ToolResult, of call: ToolCall, _ isShown: Bool) {
        if isShown {
            update { data in
                guard case .function(var function) = data else { return }
                function.output = result.output
                data = .function(function)
            }
        }
        let isFailure = result.status == .failed || result.status == .timedOut
        if isFailure, !hasFailed { fail(SpanError(of: call, result.output, isShown)) }
    }
}
