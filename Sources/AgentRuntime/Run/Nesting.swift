import Synchronization

/// Lets a tool call run agents, and counts what they use.
final class Nesting<Context: Sendable>: Sendable {
    private let runner: Runner
    private let config: RunConfig<Context>
    private let used = Mutex(Usage())

    init(_ runner: Runner, _ config: RunConfig<Context>) {
        self.runner = runner
        self.config = config
    }

    /// What the nested runs of the call have used; nil when there was none.
    var usage: Usage? { used.withLock { $0 == Usage() ? nil : $0 } }

    /// Runs an agent under the key of the call, so that a repeated call makes the same keys.
    func run(
        _ agent: Agent<Context>,
        _ input: String,
        _ context: Context,
        _ call: CallKey,
        _ config: RunConfig<Context>?,
        emit: @escaping @Sendable (RunRecord) async -> Void
    ) async throws -> RunResult {
        let log = InMemoryRunLog(run: call.text)
        defer { count(log.records.map(\.event)) }
        return try await runner.run(agent, input: input, context: context, config: config ?? self.config.inherited, log: log, emit: emit)
    }

    private func count(_ events: [RunEvent]) {
        for event in events {
            let usage: Usage? =
                switch event {
                case .response(_, let response): response.usage
                case .toolResult(let result): result.usage
                default: nil
                }
            if let usage { used.withLock { $0 = $0 + usage } }
        }
    }
}

extension RunConfig {
    /// What nested runs take over.
    fileprivate var inherited: RunConfig {
        var config = self
        config.hooks = nil
        config.errorHandlers = ErrorHandlers()
        config.stop = nil
        return config
    }
}
