import Logging

extension Runner {
    /// Calls run together and their results are recorded in call order, those of finished calls also when another one ends the run.
    func call<Context>(_ calls: [ToolCall], in run: RunInProgress<Context>) async throws {
        let (journal, state) = (run.journal, run.state)
        if calls.contains(where: { state.effect(of: $0) == .external }) { try await journal.settle() }
        async let shown: Void = journal.settle()
        let outcomes = await outcomes(of: calls, state, in: run)
        for case .success(let result) in outcomes { try journal.record(.toolResult(result)) }
        try await shown
        try await journal.settle()
        for outcome in outcomes { _ = try outcome.get() }
    }

    private func outcomes<Context>(
        of calls: [ToolCall],
        _ state: RunState<Context>,
        in run: RunInProgress<Context>
    ) async -> [Result<ToolResult, any Error>] {
        await withTaskGroup(of: (Int, Result<ToolResult, any Error>).self) { group in
            for (place, call) in calls.enumerated() {
                let key = CallKey(run: run.journal.log.run, turn: call.turn, index: call.index)
                let context = run.publicContext(of: state, call: key)
                let tool = state.agent.tool(named: call.name)
                group.addTask { (place, await outcome(of: call, tool, context)) }
            }
            var outcomes: [Int: Result<ToolResult, any Error>] = [:]
            for await (place, outcome) in group {
                outcomes[place] = outcome
                if case .failure = outcome { group.cancelAll() }
            }
            return calls.indices.compactMap { outcomes[$0] }
        }
    }

    private func outcome<Context>(of call: ToolCall, _ tool: AnyTool<Context>?, _ run: RunContext<Context>) async -> Result<ToolResult, any Error> {
        guard let tool else { return .success(ToolResult(of: call, status: .failed, output: "Tool '\(call.name.prefix(128))' not found.")) }
        do {
            guard try await tool.isEnabled?(run) ?? true else {
                return .success(ToolResult(of: call, status: .failed, output: "Tool '\(tool.name)' is not enabled."))
            }
            let output = try await within(tool.policy.timeout, on: clock) { try await tool.call(call.arguments, run) }
            return .success(ToolResult(of: call, status: .ok, output: output.cut(to: tool.policy.outputLimit ?? limits.toolOutput)))
        } catch {
            return failure(of: call, tool, error)
        }
    }

    /// What the model is told of an error; errors that end the run are passed on.
    private func failure<Context>(of call: ToolCall, _ tool: AnyTool<Context>, _ error: any Error) -> Result<ToolResult, any Error> {
        switch error {
        case let failure as ToolFailure:
            return .success(ToolResult(of: call, status: .failed, output: failure.description.cut(to: tool.policy.outputLimit ?? limits.toolOutput)))
        case let timeout as DeadlineExceeded:
            return .success(ToolResult(of: call, status: .timedOut, output: "Tool '\(tool.name)' timed out after \(timeout.seconds) seconds."))
        case is CancellationError where Task.isCancelled, is any RunEndingError:
            return .failure(error)
        default:
            logger.error("a tool failed", metadata: ["tool": "\(tool.name)", "error": "\(error)"])
            return .success(ToolResult(of: call, status: .failed, output: "An error occurred while running the tool. Please try again."))
        }
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
