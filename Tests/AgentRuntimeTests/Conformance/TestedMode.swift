import AgentRuntime
import Logging
import Testing

/// The mode in which the tests of a suite under `.eitherMode` run at the moment.
enum TestedMode {
    @TaskLocal static var isStreamed = true
}

/// Runs each test of a suite twice, streamed and not: what it expects holds for both. `inBothModes` also compares what the two leave.
struct EitherModeTrait: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        for isStreamed in [true, false] {
            try await TestedMode.$isStreamed.withValue(isStreamed) { try await function() }
        }
    }
}

extension Trait where Self == EitherModeTrait {
    static var eitherMode: Self { Self() }
}

extension Runner {
    /// A runner in the tested mode.
    init(
        testing model: any Model,
        limits: RunLimits = RunLimits(),
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger = Logger(label: "agent.run")
    ) {
        self.init(model: model, limits: limits, isStreamed: TestedMode.isStreamed, clock: clock, logger: logger)
    }
}
