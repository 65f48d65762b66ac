import Logging

extension ToolAttempt {
    /// Calls the tool within its limits; throws what ends the run, and `NestedInterruption`.
    func perform(_ tool: AnyTool<Context>) async throws -> ToolResult {
        let limit = tool.policy.outputLimit ?? run.runner.limits.toolOutput
        let made: Result<ToolOutput, any Error>
        do {
            // What the tool throws stays apart from the deadline, which may be of the same type.
            made = try await within(tool.policy.timeout, on: run.runner.clock) {
                do { return .success(try await tool.perform(call.arguments, context)) } catch { return .failure(error) }
            }
        } catch let deadline as DeadlineExceeded {
            let timeout = ToolTimeout(tool: tool.name, limit: deadline.limit)
            let text = try await text(for: timeout, tool.timeoutBehavior, tool) ?? timeout.description
            return ToolResult(of: call, status: .timedOut, output: text.cut(to: limit))
        }
        switch made {
        case .success(let output): return ToolResult(of: call, output: output.cut(to: limit))
        case .failure(let error):
            if error is any RunEndingError || error is NestedInterruption || (error is CancellationError && Task.isCancelled) { throw error }
            noteOnSpan(error)
            let text = try await text(for: error, tool.errorBehavior, tool) ?? sentence(for: error, tool)
            return ToolResult(of: call, status: .failed, output: text.cut(to: limit))
        }
    }

    /// What the tool itself has to say to an error; nil when it leaves that to the runner.
    private func text(for error: any Error, _ behavior: ToolErrorBehavior<Context>, _ tool: AnyTool<Context>) async throws -> String? {
        switch behavior {
        case .tellModel: return nil
        case .tell(let text):
            do { return try await text(error, context) } catch { throw RunError(error, of: tool.name) }
        case .failRun: throw RunError(error, of: tool.name)
        }
    }

    private func sentence(for error: any Error, _ tool: AnyTool<Context>) -> String {
        if let failure = error as? ToolFailure { return failure.description }
        run.runner.logger.error("a tool failed", metadata: ["tool": "\(tool.name)", "error": "\(run.runner.logged(error))"])
        return run.config.toolErrorText?(.failed, call) ?? "An error occurred while running the tool. Please try again."
    }
}

extension RunError {
    fileprivate init(_ error: any Error, of tool: String) {
        self =
            switch error {
            case let error as RunError: error
            case let error as ModelError: .model(error)
            case let timeout as ToolTimeout: .toolTimedOut(timeout)
            case let failure as ToolFailure where failure.isAboutArguments: .modelBehavior(failure.description)
            default: .user("Error running tool \(tool): \(error)")
            }
    }
}
