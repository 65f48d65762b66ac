import Logging

/// The steps around the model and the tools.
extension Runner {
    func begin<Context>(_ agent: String, _ input: [Item], _ facts: [String: String], in run: RunInProgress<Context>) async throws {
        if run.state.hasStarted {
            try await findTools(in: run)
            try recordCalls(in: run)
        } else {
            var start = RunStart(agent: agent, input: input, facts: facts, sessionItems: run.keeper.itemsBefore, trace: run.trace?.active.trace)
            if let merged = try await run.keeper.input(merging: input, by: run.config) {
                start.input = merged.newItems
                start.modelInput = merged.items
            }
            if !run.config.callGuardrails.isEmpty { start.callGuardrails = run.config.callGuardrails }
            try run.journal.record(.start(start))
        }
        try await run.save { _ in [] }
    }

    /// - Parameter status: That the calls were rejected, or that nobody knows what came of them.
    func answer<Context>(_ calls: [ToolCall], with text: String, as status: ToolResult.Status, in run: RunInProgress<Context>) throws {
        for call in calls {
            if status == .rejected { run.functionRejected(call, with: text) }
            try run.journal.record(.toolResult(ToolResult(of: call, status: status, output: text)))
        }
    }

    func finish<Context>(with output: FinalOutput, in run: RunInProgress<Context>) async throws {
        if !run.state.verdicts.contains(where: { !$0.isInput }) {
            let (agent, context) = (run.state.agent, run.publicContext())
            try await run.tell(agent) {
                try await $0.onAgentEnd(agent, output: output.text, context)
            } own: {
                try await $0.onEnd(agent, output: output.text, context)
            }
        }
        do {
            try await check(output, in: run)
        } catch {
            // Nobody withheld the answer: it stays in the session, unless the run may go on from here and be judged then.
            if !(error is CancellationError), !Task.isCancelled { try await run.save(\.newItems) }
            throw error
        }
        let state = run.state
        guard !state.verdicts.contains(where: \.isTripped) else { return }
        try await run.save(\.newItems)
        try run.journal.record(.done(RunOutput(output: output.text, value: output.value, usage: state.usage)))
    }

    /// Gives up, unless an error handler knows an output; the turns that are whole stay in the session.
    func fail<Context>(with error: RunError, in run: RunInProgress<Context>) async throws {
        try await run.save(\.finishedItems)
        try await run.journal.settle()
        let state = run.state
        let unfinished = UnfinishedRun(error: error, context: run.publicContext(of: state), items: state.transcript.items, report: state.report)
        guard var output = try await run.config.errorHandlers.handler(for: error)?(unfinished) else { throw error }
        if let type = state.agent.outputType {
            do { output = try output.fitted(to: type) } catch {
                throw RunError.user("The error handler's output does not fit the output type: \(error)")
            }
        }
        try run.journal.record(.recovered(output))
    }

    /// The result that an ending stands for; throws the error of a run that ended without one.
    func result<Context>(of ending: RunEvent, within limits: RunLimits, in run: RunInProgress<Context>) async throws -> RunResult {
        try await run.journal.settle()
        let state = run.state
        switch ending {
        case .done(let output):
            await run.tellSessionOfEnd()
            return RunResult(
                output: output.output, value: output.value, lastAgent: state.agent.name, newItems: state.transcript.newItems, usage: output.usage,
                report: state.report, opening: state.opening, modelItems: state.items)
        case .error(let failure): throw state.error(recordedAs: failure, within: limits)
        default: throw CancellationError()
        }
    }

    /// Records how the run failed. A cancelled run has no end in its log: whoever cancelled it knows whether it goes on.
    func failed<Context>(with error: any Error, in run: RunInProgress<Context>) async -> any Error {
        if error is CancellationError || Task.isCancelled { return CancellationError() }
        var cause = runError(from: error)
        guard run.state.transcript.ending == nil else { return cause }
        do { try await run.save(\.finishedItems) } catch { cause = runError(from: error) }
        do {
            try run.journal.record(.error(cause.failure))
            try await run.journal.settle()
        } catch {
            logger.error("a run's failure could not be recorded", metadata: ["run": "\(run.journal.log.run)", "error": "\(logged(error))"])
        }
        return cause
    }

    private func runError(from error: any Error) -> RunError {
        switch error {
        case let error as RunError: error
        case let error as ModelError: .model(error)
        default: .failed(String(describing: error))
        }
    }
}
