extension ToolAttempt {
    /// What the model reads when a guardrail keeps the call from being made.
    func rejection(by tool: AnyTool<Context>, _ verdicts: inout [ToolGuardrailResult]) async throws -> ToolResult? {
        for guardrail in tool.inputGuardrails {
            let output = try await guardrail.guardrailFunction(call, context)
            verdicts.append(ToolGuardrailResult(guardrail.name, isInput: true, output))
            if let rejection = try rejection(output, by: guardrail.name) { return rejection }
        }
        return nil
    }

    /// The result, with its output replaced by that of the first guardrail that rejects it.
    func guarded(_ result: ToolResult, by tool: AnyTool<Context>, _ verdicts: inout [ToolGuardrailResult]) async throws -> ToolResult {
        for guardrail in tool.outputGuardrails {
            let output = try await guardrail.guardrailFunction(result, call, context)
            verdicts.append(ToolGuardrailResult(guardrail.name, isInput: false, output))
            if let rejection = try rejection(output, by: guardrail.name) { return rejection }
        }
        return result
    }

    func finished(_ result: ToolResult, _ verdicts: [ToolGuardrailResult]) -> ToolResult {
        var result = result
        result.guardrails = verdicts.isEmpty ? nil : verdicts
        return result
    }

    private func rejection(_ output: ToolGuardrailOutput, by guardrail: String) throws(RunError) -> ToolResult? {
        switch output.verdict {
        case .allow: nil
        case .reject(let text): ToolResult(of: call, status: .rejected, output: text)
        case .raise(let reason): throw .toolGuardrailTripped(guardrail, reason)
        }
    }
}
