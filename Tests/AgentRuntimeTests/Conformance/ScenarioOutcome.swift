import AgentRuntime

/// What the runs of a scenario left.
struct ScenarioOutcome: Sendable {
    /// How each run ended, in order.
    var endings: [RunEnding]
    /// What the models were asked, all of them in the order of asking.
    var requests: [ModelRequest]
    /// The logs of the runs, one after the other.
    var log: [RunEvent]
    /// What the runs showed to their readers.
    var shown: [RunEvent]
    /// What the mode's session holds.
    var session: [Item]
    /// What the scenario noted in the mode's trace.
    var notes: [String]
    /// Steps of the scripts that no request has taken.
    var remainingSteps: Int

    /// The result of the last run; nil when it failed.
    var result: RunResult? {
        if case .result(let result)? = endings.last { result } else { nil }
    }

    var output: String? { result?.output }
    var newItems: [Item] { result?.newItems ?? [] }
    var lastAgent: String? { result?.lastAgent }
    var usage: Usage? { result?.usage }
    var interruptions: [Interruption] { result?.interruptions ?? [] }

    /// How the last run failed.
    var error: RunError? {
        if case .failure(let error)? = endings.last { error } else { nil }
    }

    /// The decided events of the log.
    var decided: [RunEvent] { log.filter(\.isDecided) }

    /// The decided events, in short.
    var sketches: [String] { log.sketches }

    /// The pieces of text that came while it was made.
    var pieces: [String] {
        shown.compactMap { if case .delta(let text) = $0 { text } else { nil } }
    }
}

/// How one run ended.
enum RunEnding: Sendable, Equatable {
    case result(RunResult)
    case failure(RunError)
    /// An error that is no `RunError`, such as a cancellation.
    case other(String)

    init(_ error: any Error) {
        self = (error as? RunError).map(Self.failure) ?? .other(String(reflecting: error))
    }
}
