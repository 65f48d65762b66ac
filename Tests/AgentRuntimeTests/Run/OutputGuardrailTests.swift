import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what output guardrails do to a run and to what it leaves.
@Suite(.timeLimit(.minutes(5))) struct OutputGuardrailTests {
    private struct Broken: Error {}

    private let guardrail = OutputGuardrail<Void>("g") { output, _ in output.contains("secret") ? "It says secret." : nil }

    private func agent(_ guardrails: [OutputGuardrail<Void>], tools: [AnyTool<Void>] = []) -> Agent<Void> {
        var agent = Agent<Void>.stub(tools: tools)
        agent.outputGuardrails = guardrails
        agent.toolUseBehavior = .stopOnFirstTool
        return agent
    }

    private func trip(_ name: String = "g", turn: Int = 1, replacement: String? = nil) -> RunError {
        var verdict = GuardrailVerdict(guardrail: name, isInput: false, isTripped: true, reason: "It says secret.", turn: turn)
        verdict.replacement = replacement
        return .outputGuardrailTripped(verdict)
    }

    @Test(arguments: [true, false])
    func g135_theFirstThatTripsOrFailsCancelsTheOthers(trips: Bool) async throws {
        let run = await inBothModes(throwing: trips ? trip("quick") : RunError.failed("Broken()")) { mode in
            let (looking, never) = (Gate(), Gate())
            let slow = OutputGuardrail<Void>("slow") { _, _ in
                looking.open()
                do { try await never.wait() } catch {
                    mode.trace.note("cancelled")
                    throw error
                }
                return nil
            }
            let quick = OutputGuardrail<Void>("quick") { _, _ in
                try await looking.wait()
                guard trips else { throw Broken() }
                return "It says secret."
            }
            try await mode.run(agent([slow, quick]), model: [.text("A secret.")], session: mode.session)
        }
        #expect(run.notes == ["cancelled"])
        #expect(run.session == [.user("Hi")] + (trips ? [] : [.assistant("A secret.")]))
    }

    @Test func g136_aTripReachesWhoeverOnlyWaitsForTheRunAndLeavesTheTextNowhere() async throws {
        for isStreamed in [true, false] {
            let log = InMemoryRunLog()
            let (runner, _) = Runner.scripted(.text("A secret."), isStreamed: isStreamed)
            await #expect(throws: trip()) { try await runner.run(agent([guardrail]), input: "Hi", context: (), log: log) }
            let report = RunReport(of: log.records)
            #expect(report.newItems.isEmpty)
            #expect(report.transcript.items == [.user("Hi")])
            #expect(report.transcript.text == "")
            #expect(report.failure == RunFailure(.contentFiltered, "The answer was withheld."))
        }
    }

    private func blocked(
        _ items: [Item], tools: [AnyTool<Void>]? = nil, replacement: String = "Output withheld by an output guardrail.",
        config: RunConfig<Void> = RunConfig()
    ) async -> ScenarioOutcome {
        await inBothModes(throwing: trip(replacement: replacement)) { mode in
            let tools = tools ?? [.stub("look") { _, _ in "a secret" }, .stub("add") { _, _ in "added" }]
            let step = ScriptedModel.Step.response(ModelResponse(items: items))
            try await mode.run(agent([guardrail], tools: tools), model: [step], config: config, session: mode.session)
        }
    }

    @Test func g139_theCallsOfABlockedToolOutputStayWithOtherOutputs() async {
        let run = await blocked([.call("look", "{}", id: "a"), .call("add", "{}", id: "b")])
        let withheld = "Output withheld by an output guardrail."
        let kept: [Item] = [.call("look", "{}", id: "a"), .call("add", "{}", id: "b"), .output(withheld, of: "a"), .output(withheld, of: "b")]
        #expect(RunReport(of: run.log).newItems == kept)
        #expect(run.session == [.user("Hi")] + kept)
        #expect(Transcript(of: run.shown).items == [.user("Hi")] + kept)
    }

    @Test func g139_theProgramSaysWhatStandsForABlockedOutput() async {
        var config = RunConfig<Void>()
        config.blockedOutputText = { "Withheld: \($0.guardrail), \($0.reason ?? "")" }
        let run = await blocked([.call("look", "{}", id: "a")], replacement: "Withheld: g, It says secret.", config: config)
        #expect(run.session.last == .output("Withheld: g, It says secret.", of: "a"))
    }

    @Test(arguments: [
        Item.other(["type": "reasoning", "id": "r", "summary": []]), .other(["type": "something_new", "id": "n"]),
        .assistant("I look: it is secret."),
    ])
    func g139_aBlockedResponseThatHoldsMoreThanCallsIsDroppedWhole(item: Item) async {
        for items in [[item, .call("look", "{}", id: "a")], [.call("look", "{}", id: "a"), item]] {
            let run = await blocked(items)
            #expect(RunReport(of: run.log).newItems.isEmpty)
            #expect(run.session == [.user("Hi")])
        }
    }

    @Test func aBlockedTextHasNothingInItsPlace() async {
        var config = RunConfig<Void>()
        config.blockedOutputText = { _ in "Withheld." }
        let run = await inBothModes(throwing: trip()) { mode in
            try await mode.run(agent([guardrail]), model: [.text("A secret.")], config: config, session: mode.session)
        }
        #expect(run.session == [.user("Hi")])
    }

    @Test func turnsBeforeABlockedToolOutputStayAsTheyWere() async {
        let looks: [Item] = [.call("add", "{}", id: "a"), .output("added", of: "a")]
        let run = await inBothModes(throwing: trip(turn: 2, replacement: "Output withheld by an output guardrail.")) { mode in
            var agent = agent([guardrail], tools: [.stub("look") { _, _ in "a secret" }, .stub("add") { _, _ in "added" }])
            agent.toolUseBehavior = .stopAtTools(["look"])
            try await mode.run(agent, model: [.call("add", id: "a"), .call("look", id: "b")], session: mode.session)
        }
        #expect(run.session == [.user("Hi")] + looks + [.call("look", "{}", id: "b"), .output("Output withheld by an output guardrail.", of: "b")])
    }

    @Test func aRunThatGoesOnBehindATripWithholdsTheSame() async throws {
        let log = InMemoryRunLog()
        let agent = agent([guardrail], tools: [.stub("look") { _, _ in "a secret" }])
        let error = trip(replacement: "Output withheld by an output guardrail.")
        await #expect(throws: error) {
            try await Runner(model: ScriptedModel(.call("look"))).run(agent, input: "Hi", context: (), log: log)
        }
        for count in 2...log.records.count {
            let prefix = InMemoryRunLog(prefix: Array(log.records.prefix(count)))
            await #expect(throws: error) { try await Runner(model: ScriptedModel()).run(agent, input: "Hi", context: (), log: prefix) }
            #expect(prefix.records.map(\.event) == log.records.map(\.event))
        }
    }
}
