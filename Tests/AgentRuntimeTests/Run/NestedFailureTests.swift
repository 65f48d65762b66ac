import AgentRuntime
import AgentTesting
import Testing

/// Runs that end with what a run within a call failed with.
@Suite(.timeLimit(.minutes(5))) struct NestedFailureTests {
    struct Failing: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var error: RunError
        /// What the inner model answers.
        var steps: [ScriptedModel.Step]
        /// Whether a run that goes on behind the inner failure can tell the error itself from the log.
        var isInTheLog = true
    }

    static let verdict = GuardrailVerdict(guardrail: "g", isInput: false, isTripped: true, reason: "no", turn: 1)

    static let failing: [Failing] = [
        Failing(testDescription: "used up turns", error: .maxTurnsExceeded(1), steps: [.call("add")]),
        Failing(testDescription: "a withheld answer", error: .outputGuardrailTripped(verdict), steps: [.text("Four")]),
        Failing(
            testDescription: "a refusal", error: .modelRefusal("No"),
            steps: [.response(ModelResponse(items: [.message(Item.Message(role: .assistant, content: [.refusal("No")]))]))]),
        Failing(
            testDescription: "a failed model", error: .model(.http(status: 429, message: "Slow down", retryAfter: nil)),
            steps: [.error(ModelError.http(status: 429, message: "Slow down", retryAfter: nil))], isInTheLog: false),
    ]

    /// An agent that calls another, whose failure fails the run.
    private func agent(answering model: any Model) -> Agent<Void> {
        var helper = Agent<Void>.stub("Helper", tools: [.stub("add")])
        helper.model = model
        helper.outputGuardrails = [OutputGuardrail("g") { _, _ in "no" }]
        var tool = helper.asTool(description: "Helps.", maxTurns: 1)
        tool.errorBehavior = .failRun
        return .stub(tools: [tool])
    }

    private let call = ScriptedModel.Step.call("helper", #"{"input":"2 + 2"}"#)

    @Test(arguments: failing)
    func theErrorWithinIsTheRuns(failing: Failing) async throws {
        let run = await inBothModes(throwing: failing.error) { mode in
            try await mode.run(agent(answering: mode.model(failing.steps)), model: [call])
        }
        #expect(run.log.last == .error(failing.error.failure))
    }

    @Test(arguments: failing)
    func everyPrefixGoesOnToTheSameError(failing: Failing) async throws {
        let log = InMemoryRunLog()
        await #expect(throws: failing.error) {
            try await Runner(model: ScriptedModel(call)).run(agent(answering: ScriptedModel(failing.steps)), input: "Hi", context: (), log: log)
        }
        let inner = try #require(log.records.firstIndex { if case .nested(_, .error) = $0.event { true } else { false } })
        for count in 1...log.records.count {
            let prefix = InMemoryRunLog(prefix: Array(log.records.prefix(count)))
            let isAsked = !log.records.prefix(count).contains { if case .nested(_, .response) = $0.event { true } else { false } } && count <= inner
            let model = ScriptedModel(isAsked ? failing.steps : [])
            let outer = ScriptedModel(count < 2 ? [call] : [])
            let error = await #expect(throws: RunError.self) {
                try await Runner(model: outer).run(agent(answering: model), input: "Hi", context: (), log: prefix)
            }
            // The outer run's own end says no more than its readers were told.
            let isRecorded = count == log.records.count || (count > inner && !failing.isInTheLog)
            #expect(error == (isRecorded ? .recorded(failing.error.failure) : failing.error), "\(count) of \(log.records.count)")
            #expect(error?.failure == failing.error.failure)
            // A turn that was cut off within its text begins again, and says so.
            let events = prefix.records.map(\.event).sketches.filter { !$0.hasSuffix("restart") }
            #expect(events == log.records.map(\.event).sketches, "\(count) of \(log.records.count)")
            #expect(throws: Never.self) { try model.assertComplete() }
        }
    }

    @Test func aRunThatFailedBeforeFailsAgainAsItDid() async throws {
        let log = InMemoryRunLog()
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        for _ in 0..<2 {
            await #expect(throws: RunError.maxTurnsExceeded(1)) {
                let runner = Runner(model: ScriptedModel(.call("add")), limits: RunLimits(turns: 1))
                _ = try await runner.run(agent, input: "Hi", context: (), log: log)
            }
        }
        let failure = RunFailure(.modelBusy, "The model is busy.", retry: true)
        await #expect(throws: RunError.recorded(failure)) {
            let stored = InMemoryRunLog(prefix: [log.records[0], RunRecord(id: 2, event: .error(failure))])
            _ = try await Runner(model: ScriptedModel()).run(agent, input: "Hi", context: (), log: stored)
        }
        #expect(RunError.recorded(failure).description == "The model is busy.")
    }
}
