/// One call that is being made: its guardrails, its hooks and the tool itself.
struct ToolAttempt<Context: Sendable>: Sendable {
    let call: ToolCall
    let tool: AnyTool<Context>?
    let context: RunContext<Context>
    var isEnabled = true
    let agent: Agent<Context>
    let run: RunInProgress<Context>

    /// How the call went; it may have a result and end the run nevertheless.
    struct Outcome: Sendable {
        var result: ToolResult?
        var error: (any Error)?
        /// The guardrail that gave the error.
        var trip: ToolGuardrailTrip?
        /// Whether the call was not made because a person has to see it first.
        var needsApproval = false
        /// Whether the tool was called.
        var wasMade = false

        /// Of several errors the lowest is the run's.
        var rank: Int {
            switch error {
            case is any RunEndingError: 0
            case is CancellationError: 2
            default: 1
            }
        }
    }

    init(_ call: ToolCall, _ state: RunState<Context>, in run: RunInProgress<Context>) {
        self.call = call
        self.run = run
        agent = state.agent
        tool = state.agent.tool(named: call.name)
        var context = run.publicContext(of: state, call: CallKey(run: run.journal.log.run, turn: call.turn, index: call.index))
        context.tool = ToolContext(call: call, agent: state.agent, config: run.config)
        context.nesting = Nesting(run, call)
        self.context = context
    }

    /// What is in the log before the call is made.
    var start: ToolStart {
        ToolStart(turn: call.turn, index: call.index, key: context.call?.text ?? "")
    }

    /// Input guardrails, start hooks, the tool, output guardrails, in this order. There is no result yet when a call within this one waits for
    /// a person; a call that goes on after that has begun before.
    func carryOut() async -> Outcome {
        guard let tool else {
            let text = run.config.toolErrorText?(.notFound, call) ?? "Tool '\(call.name.prefix(128))' not found."
            return Outcome(result: ToolResult(of: call, status: .failed, output: text))
        }
        guard isEnabled else { return Outcome(result: ToolResult(of: call, status: .failed, output: "Tool '\(tool.name)' is not enabled.")) }
        var verdicts: [ToolGuardrailResult] = []
        do {
            if let begun = run.state.nested.guardrails(of: call.index) {
                verdicts = begun
            } else {
                if let rejection = try await rejection(by: tool, &verdicts) { return Outcome(result: finished(rejection, verdicts)) }
                context.nesting?.note(verdicts)
                try await tellStart(of: tool)
            }
            var result = try await guarded(perform(tool), by: tool, &verdicts)
            result.usage = run.state.nested.usage(within: call.index)
            return await keepingData(with: finished(result, verdicts), of: tool)
        } catch is NestedInterruption {
            return Outcome()
        } catch is ApprovalNeeded {
            return Outcome(needsApproval: true)
        } catch {
            let isTripped = verdicts.last?.behavior == .raise
            return Outcome(error: error, trip: isTripped ? ToolGuardrailTrip(of: call, verdicts) : nil)
        }
    }

    /// End hooks, for a call that was made.
    func end(with outcome: Outcome) async -> Outcome {
        guard let tool, let result = outcome.result, outcome.error == nil, outcome.wasMade else { return outcome }
        do {
            try await run.tell(agent) {
                try await $0.onToolEnd(agent, tool, result, context)
            } own: {
                try await $0.onToolEnd(agent, tool, result, context)
            }
            return outcome
        } catch {
            return Outcome(result: result, error: error)
        }
    }

    /// What the tool wants kept with a result; the result stays when that fails.
    private func keepingData(with result: ToolResult, of tool: AnyTool<Context>) async -> Outcome {
        var outcome = Outcome(result: result, wasMade: true)
        do {
            outcome.result?.customData = try await tool.customData?(result, call, context)
        } catch {
            outcome.error = error
        }
        return outcome
    }

    private func tellStart(of tool: AnyTool<Context>) async throws {
        try await run.tell(agent) {
            try await $0.onToolStart(agent, tool, call, context)
        } own: {
            try await $0.onToolStart(agent, tool, call, context)
        }
    }
}
