import Logging

extension Runner {
    /// Calls run together and their results are recorded in call order, those of finished calls also when another one ends the run.
    func call<Context>(_ calls: [ToolCall], in run: RunInProgress<Context>) async throws {
        let (journal, state) = (run.journal, run.state)
        if calls.contains(where: { state.effect(of: $0) == .external }) { try await journal.settle() }
        async let shown: Void = journal.settle()
        let outcomes = await outcomes(of: calls, state, in: run)
        for outcome in outcomes { if let result = outcome.result { try journal.record(.toolResult(result)) } }
        try await shown
        try await journal.settle()
        for outcome in outcomes { if let error = outcome.error { throw error } }
    }

    /// How one call went; it may have a result and end the run nevertheless.
    private struct Outcome: Sendable {
        var result: ToolResult?
        var error: (any Error)?
    }

    private func outcomes<Context>(of calls: [ToolCall], _ state: RunState<Context>, in run: RunInProgress<Context>) async -> [Outcome] {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            for (place, call) in calls.enumerated() { group.addTask { (place, await outcome(of: call, state, in: run)) } }
            var outcomes: [Int: Outcome] = [:]
            for await (place, outcome) in group {
                outcomes[place] = outcome
                if outcome.error != nil { group.cancelAll() }
            }
            return calls.indices.compactMap { outcomes[$0] }
        }
    }

    /// Guardrails, hooks and the tool itself, in the order: input guardrails, start hooks, body, output guardrails, end hooks.
    private func outcome<Context>(of call: ToolCall, _ state: RunState<Context>, in run: RunInProgress<Context>) async -> Outcome {
        guard let tool = state.agent.tool(named: call.name) else {
            let text = run.config.toolErrorText?(.notFound, call) ?? "Tool '\(call.name.prefix(128))' not found."
            return Outcome(result: ToolResult(of: call, status: .failed, output: text))
        }
        let context = run.publicContext(of: state, call: CallKey(run: run.journal.log.run, turn: call.turn, index: call.index))
        do {
            if let rejection = try await tool.rejection(of: call, context) {
                return Outcome(result: ToolResult(of: call, status: .rejected, output: rejection))
            }
            try await run.tell(state.agent) {
                try await $0.onToolStart(state.agent, tool, call, context)
            } own: {
                try await $0.onToolStart(state.agent, tool, call, context)
            }
        } catch {
            return Outcome(error: error)
        }
        var result: ToolResult
        do {
            result = try await tool.guarded(carryOut(call, tool, context, run.config), of: call, context)
            result.usage = context.nesting?.usage
        } catch {
            return Outcome(error: error)
        }
        let final = result
        do {
            try await run.tell(state.agent) {
                try await $0.onToolEnd(state.agent, tool, final, context)
            } own: {
                try await $0.onToolEnd(state.agent, tool, final, context)
            }
            return Outcome(result: result)
        } catch {
            return Outcome(result: result, error: error)
        }
    }

    /// Throws only what ends the run.
    private func carryOut<Context>(
        _ call: ToolCall,
        _ tool: AnyTool<Context>,
        _ context: RunContext<Context>,
        _ config: RunConfig<Context>
    ) async throws -> ToolResult {
        let limit = tool.policy.outputLimit ?? limits.toolOutput
        do {
            guard try await tool.isEnabled?(context) ?? true else {
                return ToolResult(of: call, status: .failed, output: "Tool '\(tool.name)' is not enabled.")
            }
            let output = try await within(tool.policy.timeout, on: clock) { try await tool.call(call.arguments, context) }
            return ToolResult(of: call, status: .ok, output: output.cut(to: limit))
        } catch let failure as ToolFailure {
            return ToolResult(of: call, status: .failed, output: failure.description.cut(to: limit))
        } catch let timeout as DeadlineExceeded {
            return ToolResult(of: call, status: .timedOut, output: "Tool '\(tool.name)' timed out after \(timeout.seconds) seconds.")
        } catch {
            if error is any RunEndingError || (error is CancellationError && Task.isCancelled) { throw error }
            logger.error("a tool failed", metadata: ["tool": "\(tool.name)", "error": "\(error)"])
            let text = config.toolErrorText?(.failed, call) ?? "An error occurred while running the tool. Please try again."
            return ToolResult(of: call, status: .failed, output: text.cut(to: limit))
        }
    }
}

extension AnyTool {
    /// What the model reads when a guardrail keeps the call from being made.
    fileprivate func rejection(of call: ToolCall, _ run: RunContext<Context>) async throws -> String? {
        for guardrail in inputGuardrails {
            switch try await guardrail.check(call, run) {
            case .allow: continue
            case .reject(let text): return text
            case .raise(let reason): throw RunError.toolGuardrailTripped(guardrail.name, reason)
            }
        }
        return nil
    }

    /// The result, with its output replaced by that of the first guardrail that rejects it.
    fileprivate func guarded(_ result: ToolResult, of call: ToolCall, _ run: RunContext<Context>) async throws -> ToolResult {
        for guardrail in outputGuardrails {
            switch try await guardrail.check(result, call, run) {
            case .allow: continue
            case .reject(let text): return ToolResult(of: call, status: .rejected, output: text)
            case .raise(let reason): throw RunError.toolGuardrailTripped(guardrail.name, reason)
            }
        }
        return result
    }
}

extension String {
    /// At most `limit` bytes, cut between code points, and saying so.
    fileprivate func cut(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let mark = "\n[cut: \(utf8.count) bytes, the first \(limit) shown]"
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0b1100_0000 == 0b1000_0000 { end = utf8.index(before: end) }
        return self[..<end] + mark
    }
}
