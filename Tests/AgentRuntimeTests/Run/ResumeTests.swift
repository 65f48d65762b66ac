import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// A run is its log: every prefix of it goes on to the same end, and does only what is not done yet.
@Suite(.timeLimit(.minutes(5))) struct ResumeTests {
    /// A run as it could happen: an agent whose effects are noted, and what its model says.
    struct Scenario: CustomTestStringConvertible {
        let testDescription: String
        let steps: [ScriptedModel.Step]
        var limits = RunLimits()
        let agent: @Sendable (Trace) -> Agent<Void>
    }

    /// A tool that notes the keys of its writes.
    private static func tool(_ name: String, _ effect: ToolEffect, _ trace: Trace) -> AnyTool<Void> {
        .stub(name, effect: effect) { arguments, run in
            let key = run.call.map { effect == .writes ? $0.nextWrite() : $0.text } ?? ""
            trace.note("\(name) \(key)")
            if arguments == "fail" { throw ToolFailure("No.") }
            return "\(name) \(arguments)"
        }
    }

    private static func tools(_ trace: Trace) -> [AnyTool<Void>] {
        [tool("read", .reads, trace), tool("write", .writes, trace), tool("send", .external, trace)]
    }

    static let scenarios = [
        Scenario(testDescription: "text", steps: [.text("Hello there")]) { .stub(tools: tools($0)) },
        Scenario(
            testDescription: "calls of every effect, known and unknown, in two turns",
            steps: [
                .calls(("read", "1"), ("write", "2"), ("write", "fail"), ("send", "3"), ("send", "4"), ("guess", "5"), ("read", "6")),
                .calls(("write", "7"), ("read", "8")), .text("All done"),
            ]
        ) { .stub(tools: tools($0)) },
        Scenario(
            testDescription: "text beside the calls",
            steps: [
                .response(ModelResponse(items: [.assistant("Let me see"), .call("write", "1", id: "a"), .call("read", "2", id: "b")])),
                .text("All done"),
            ]
        ) { .stub(tools: tools($0)) },
        Scenario(
            testDescription: "handoffs",
            steps: [
                .calls(("transfer_to_planner", "{}"), ("write", "1"), ("transfer_to_planner", "")), .call("write", "2", id: "c9"),
                .call("transfer_to_assistant", id: "c10"), .text("All done"),
            ]
        ) { trace in
            @Sendable func assistant() -> Agent<Void> {
                .stub(tools: tools(trace), handoffs: [Handoff(toAgentNamed: "Planner", description: nil) { planner() }])
            }
            @Sendable func planner() -> Agent<Void> {
                .stub("Planner", tools: tools(trace), handoffs: [Handoff(toAgentNamed: "Assistant", description: nil) { assistant() }])
            }
            return assistant()
        },
        Scenario(testDescription: "guardrails", steps: [.call("write", "1"), .text("All done")]) { trace in
            var agent = Agent<Void>.stub(tools: tools(trace))
            agent.inputGuardrails = [
                InputGuardrail("blocking", runsInParallel: false) { _, _ in
                    trace.note("blocking"); return nil
                },
                InputGuardrail("parallel") { _, _ in
                    trace.note("parallel"); return nil
                },
            ]
            agent.outputGuardrails = [
                OutputGuardrail("output") { _, _ in
                    trace.note("output"); return nil
                }
            ]
            return agent
        },
        Scenario(testDescription: "an output guardrail that trips", steps: [.call("write", "1"), .text("A secret")]) { trace in
            var agent = Agent<Void>.stub(tools: tools(trace))
            agent.outputGuardrails = [OutputGuardrail("output") { _, _ in "secret" }]
            return agent
        },
        Scenario(
            testDescription: "text that is held back and blocked in a later turn",
            steps: [
                .response(ModelResponse(items: [.assistant("Let me see. Just a moment."), .call("write", "1", id: "a")])),
                .text("It is safe. The secret is 42. Bye."),
            ]
        ) { trace in
            var agent = Agent<Void>.stub(tools: tools(trace))
            agent.outputGuardrails = [OutputGuardrail("held", holdBack: .sentence) { output, _ in output.contains("secret") ? "secret" : nil }]
            return agent
        },
        Scenario(testDescription: "an input guardrail that trips", steps: []) { trace in
            var agent = Agent<Void>.stub(tools: tools(trace))
            agent.inputGuardrails = [InputGuardrail("blocking", runsInParallel: false) { _, _ in "no" }]
            return agent
        },
        Scenario(testDescription: "an output that ends the run", steps: [.calls(("write", "1"), ("write", "2"))]) { trace in
            var agent = Agent<Void>.stub(tools: tools(trace))
            agent.toolUseBehavior = .stopOnFirstTool
            return agent
        },
        Scenario(testDescription: "turns used up", steps: [.call("write", "1"), .call("write", "2", id: "b")], limits: RunLimits(turns: 2)) {
            .stub(tools: tools($0))
        },
        Scenario(testDescription: "calls used up", steps: [.calls(("write", "1"), ("write", "2"))], limits: RunLimits(toolCalls: 1)) {
            .stub(tools: tools($0))
        },
        Scenario(
            testDescription: "the same call too often",
            steps: [.call("write", "1", id: "a"), .call("write", "1", id: "b"), .call("write", "1", id: "c")], limits: RunLimits(identicalCalls: 2)
        ) { .stub(tools: tools($0)) },
        Scenario(
            testDescription: "a refusal",
            steps: [.response(ModelResponse(items: [.message(Item.Message(role: .assistant, content: [.refusal("No")]))]))]
        ) { .stub(tools: tools($0)) },
    ]

    private struct Outcome {
        var events: [RunEvent]
        var effects: [String]
        var output: String?
        var items: [Item]?
        var remainingSteps: Int
    }

    private func play(_ scenario: Scenario, after prefix: [RunRecord] = [], isStreamed: Bool) async -> Outcome {
        let model = ScriptedModel(Array(scenario.steps.dropFirst(prefix.filter { isEndOfAnswer($0.event) }.count)))
        let trace = Trace()
        let log = InMemoryRunLog(run: "r", prefix: prefix)
        let result = try? await Runner(model: model, limits: scenario.limits, isStreamed: isStreamed)
            .run(scenario.agent(trace), input: "Hi", context: (), log: log)
        return Outcome(
            events: log.records.map(\.event).filter(isKept), effects: trace.notes, output: result?.output, items: result?.newItems,
            remainingSteps: model.remainingSteps)
    }

    /// Whether nothing more of a model's answer comes after the event: it is whole, or was blocked before.
    private func isEndOfAnswer(_ event: RunEvent) -> Bool {
        switch event {
        case .response: true
        case .guardrail(let verdict): verdict.guardrail == "held" && verdict.isTripped
        default: false
        }
    }

    /// Whether the event is part of what a run comes to; that a turn or a call was begun is not.
    private func isKept(_ event: RunEvent) -> Bool {
        switch event {
        case .restart, .toolStarted: false
        default: event.isDecided
        }
    }

    /// The keys of calls that were begun and have no outcome: they are not made again, and their outcome is another one.
    private func lost(in events: [RunEvent]) -> Set<String> {
        var keys: Set<String> = []
        for event in events {
            if case .toolStarted(let start) = event { keys.insert(start.key) }
            if case .toolResult(let result) = event { keys.remove("r/\(result.turn)/\(result.index)") }
        }
        return keys
    }

    /// The events with nothing said of what came of lost calls, but that it is not known.
    private func masking(_ lost: Set<String>, in events: [RunEvent], isUnknown: Bool) -> [RunEvent] {
        events.map { event in
            guard case .toolResult(var result) = event, lost.contains("r/\(result.turn)/\(result.index)") else { return event }
            if isUnknown { #expect(result.status == .unknown && result.output.contains("may or may not have taken effect")) }
            result.status = .unknown
            result.output = ""
            return .toolResult(result)
        }
    }

    /// The effects whose outcomes these events do not hold.
    private func undone(_ effects: [String], after events: [RunEvent]) -> [String] {
        var effects = effects
        for event in events {
            let done: (String) -> Bool
            switch event {
            case .toolResult(let result): done = { $0.contains(" r/\(result.turn)/\(result.index)") }
            case .guardrail(let verdict): done = { $0 == verdict.guardrail }
            default: continue
            }
            effects.removeAll(where: done)
        }
        return effects
    }

    @Test(arguments: scenarios, [true, false])
    func everyPrefixGoesOnToTheSameEnd(scenario: Scenario, isStreamed: Bool) async throws {
        let full = InMemoryRunLog(run: "r")
        let trace = Trace()
        let model = ScriptedModel(scenario.steps)
        let result = try? await Runner(model: model, limits: scenario.limits, isStreamed: isStreamed)
            .run(scenario.agent(trace), input: "Hi", context: (), log: full)
        let records = full.records
        #expect(records.last?.event.isTerminal == true)
        #expect(model.remainingSteps == 0)
        #expect(lost(in: records.map(\.event)).isEmpty)
        let decided = records.map(\.event).filter(isKept)
        for count in 0...records.count {
            let prefix = Array(records.prefix(count))
            let outcome = await play(scenario, after: prefix, isStreamed: isStreamed)
            let lost = lost(in: prefix.map(\.event))
            let (events, expected) = (masking(lost, in: outcome.events, isUnknown: true), masking(lost, in: decided, isUnknown: false))
            #expect(events == expected, "after \(count) of \(records.count) records")
            #expect(outcome.output == result?.output)
            if lost.isEmpty { #expect(outcome.items == result?.newItems) }
            #expect(outcome.items?.count == result?.newItems.count)
            #expect(outcome.remainingSteps == 0)
            let remaining = undone(trace.notes, after: prefix.map(\.event)).filter { effect in !lost.contains { effect.hasSuffix(" \($0)") } }
            #expect(outcome.effects.sorted() == remaining.sorted(), "after \(count) of \(records.count) records")
        }
    }

    @Test func aStoredEndIsTheResultAndNothingHappens() async throws {
        let log = InMemoryRunLog()
        let (runner, _) = Runner.scripted(.text("Hello"))
        let first = try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log)
        let (again, model) = Runner.scripted()
        let reader = Reader()
        let stored = InMemoryRunLog(prefix: log.records)
        #expect(try await again.run(Agent<Void>.stub(), input: "Hi", context: (), log: stored) { reader.read($0) } == first)
        #expect(model.requests.isEmpty)
        #expect(reader.events.isEmpty)
        #expect(stored.records == log.records)
    }

    @Test func aStoppedRunIsACancellation() async throws {
        let (runner, _) = Runner.scripted()
        let log = InMemoryRunLog(prefix: [RunRecord(id: 1, event: .start(RunStart(agent: "A", input: []))), RunRecord(id: 2, event: .stopped)])
        await #expect(throws: CancellationError.self) { try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log) }
    }

    @Test func theStoredInputCountsAndNotTheOneGivenAgain() async throws {
        let start = RunRecord(id: 1, event: .start(RunStart(agent: "Assistant", input: [.user("First")])))
        let (runner, model) = Runner.scripted(.text("Hello"))
        _ = try await runner.run(Agent<Void>.stub(), input: "Second", context: (), log: InMemoryRunLog(prefix: [start]))
        #expect(model.requests.first?.input == [.user("First")])
    }

    @Test func aLogThatDoesNotBelongToTheAgentsIsRefused() async throws {
        let call = ToolCall(turn: 1, index: 0, callID: "a", name: "transfer_to_nobody", arguments: "{}", isHandoff: true)
        let events: [RunEvent] = [
            .start(RunStart(agent: "A", input: [])), .response(turn: 1, .calling(Item.FunctionCall(callID: "a", name: call.name, arguments: "{}"))),
            .toolCall(call), .handoff(HandoffRecord(from: "A", to: "Nobody", call: call)),
        ]
        let log = InMemoryRunLog(prefix: events.enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) })
        let (runner, model) = Runner.scripted(.text("Hello"))
        await #expect { try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log) } throws: { error in
            if case RunError.user = error { true } else { false }
        }
        #expect(model.requests.isEmpty)
    }

    @Test func aTurnThatWasCutOffWhileTheModelSpokeIsBegunAgainAndSaysSo() async throws {
        let stored: [RunEvent] = [.start(RunStart(agent: "Assistant", input: [.user("Hi")])), .delta("Hel")]
        let log = InMemoryRunLog(prefix: stored.enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) })
        let (broken, _) = Runner.scripted(.stream([.textDelta("He")], error: ModelError.malformed("cut")))
        await #expect(throws: RunError.self) { try await broken.run(Agent<Void>.stub(), input: "Hi", context: (), log: log) }
        let again = InMemoryRunLog(prefix: Array(log.records.dropLast()))
        let (runner, _) = Runner.scripted(.text("Hello"))
        _ = try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: again)
        let events = again.records.map(\.event)
        let restarts = events.filter { if case .restart = $0 { true } else { false } }
        #expect(restarts == [.restart(turn: 1, attempt: 2), .restart(turn: 1, attempt: 3)])
        #expect(Transcript(of: events.dropLast(2)).partialText == "Hello")
    }

    @Test func textOfATurnThatWasCutOffDoesNotCountAgain() async throws {
        let records: [RunEvent] = [
            .start(RunStart(agent: "Assistant", input: [.user("Hi")])), .delta("1234567890"), .restart(turn: 1, attempt: 2),
        ]
        let log = InMemoryRunLog(prefix: records.enumerated().map { RunRecord(id: Int64($0 + 1), event: $1) })
        var (runner, _) = Runner.scripted(.text("1234567890"))
        runner.limits.text = 10
        #expect(try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log).output == "1234567890")
    }
}
