extension ToolAttempt {
    /// What the model reads when a guardrail keeps the call from being made.
    func rejection(by tool: AnyTool<Context>, _ verdicts: inout [ToolGuardrailResult]) async throws -> ToolResult? {
        for guardrail in tool.inputGuardrails {
            let output = try await guardrail.guardrailFunction(call, context)
            verdicts.append(ToolGuardrailResult(guardrail.name, isInput: true, output))
            if case .askApproval = output.verdict, !run.state.approvals.isAskedAgain.contains(call.index) { throw ApprovalNeeded() }
            if let rejection = try rejection(output, by: guardrail.name) { return rejection }
        }
        return nil
    }

    /// What the input guardrails make of a call before a person is asked about it; nil when it is the person's turn.
    func preApproval() async throws -> RunEvent? {
        guard let tool else { return nil }
        var verdicts: [ToolGuardrailResult] = []
        do {
            return try await rejection(by: tool, &verdicts).map { .toolResult(finished($0, verdicts)) }
        } catch is ApprovalNeeded {
            return nil
        } catch {
            guard verdicts.last?.behavior == .raise else { throw error }
            return .toolGuardrail(ToolGuardrailTrip(of: call, verdicts))
        }
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
        case .allow, .askApproval: nil
        case .reject(let text): ToolResult(of: call, status: .rejected, output: text)
        case .raise(let reason): throw .toolGuardrailTripped(guardrail, reason)
        }
    }
}

/// A call that a guardrail wants a person to see first.
struct ApprovalNeeded: Error {}
