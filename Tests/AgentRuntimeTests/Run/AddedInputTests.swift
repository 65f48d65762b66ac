import AgentRuntime
import AgentTesting
import Testing

/// A196: what a person says while a run waits.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct AddedInputTests {
    private func agent(_ trace: Trace) -> Agent<Void> {
        var tool = trace.tool("delete", .writes)
        tool.needsApproval = .always
        var agent = Agent<Void>.stub(tools: [tool])
        agent.inputGuardrails = [
            InputGuardrail("look") { input, _ in
                trace.note("look \(input.map { $0.json["content"]?.string ?? "" })")
                return input == [.user("Bad")] ? "bad" : nil
            }
        ]
        return agent
    }

    @Test func a196_itIsSeenOnceInOrderAndGuardedByItself() async throws {
        for isStreamed in [true, false] {
            let trace = Trace()
            let session = InMemorySession()
            let log = InMemoryRunLog()
            let model = ScriptedModel(.call("delete"), .text("Done"))
            let runner = Runner(model: model, isStreamed: isStreamed)
            let asked = try await runner.run(agent(trace), input: "Hi", context: (), session: session, log: log)
            let more: [Item] = [.user("One"), .user("Two")]
            // Undecided: it is kept until the model is asked.
            let again = try await runner.run(agent(trace), input: [], context: (), session: session, log: log, adding: more)
            #expect(again.interruptions == asked.interruptions)
            #expect(model.requests.count == 1)
            let result = try await runner.run(
                agent(trace), input: [], context: (), session: session, log: log, decisions: asked.interruptions.map { $0.approve() })
            let items: [Item] = [.call("delete", "{}", id: "call_1"), .output("delete says {}", of: "call_1"), .user("One"), .user("Two")]
            #expect(model.requests.last?.input == [.user("Hi")] + items)
            #expect(result.newItems == items + [.assistant("Done")])
            #expect(await session.items() == [.user("Hi")] + result.newItems)
            #expect(trace.notes == [#"look ["Hi"]"#, "delete", "delete ended", #"look ["One", "Two"]"#])
            await #expect(throws: RunError.user("Input can be added to a run that is under way, and to no other.")) {
                try await runner.run(self.agent(trace), input: [], context: (), session: session, log: log, adding: more)
            }
        }
    }

    @Test func a196_aGuardrailThatTripsEndsTheRunBeforeTheModel() async throws {
        let log = InMemoryRunLog()
        let model = ScriptedModel(.call("delete"), .text("Done"))
        let runner = Runner(testing: model)
        let asked = try await runner.run(agent(Trace()), input: "Hi", context: (), log: log)
        await #expect(throws: RunError.self) {
            try await runner.run(
                self.agent(Trace()), input: [], context: (), log: log, decisions: asked.interruptions.map { $0.approve() }, adding: [.user("Bad")])
        }
        #expect(model.requests.count == 1)
        #expect(log.records.map(\.event).sketches.suffix(2) == ["guardrail look true", "error content_filtered"])
    }

    @Test func a196_itIsRefusedWhereNoModelWouldSeeIt() async throws {
        var ending = agent(Trace())
        ending.toolUseBehavior = .stopAtTools(["delete"])
        var last = agent(Trace())
        last.maxTurns = 1
        for (agent, reason) in [
            (ending, "No input can be added: a call that waits may end the run."), (last, "No input can be added: no turn is left."),
        ] {
            let log = InMemoryRunLog()
            let runner = Runner(testing: ScriptedModel(.call("delete")))
            _ = try await runner.run(agent, input: "Hi", context: (), log: log)
            let count = log.records.count
            await #expect(throws: RunError.user(reason)) { try await runner.run(agent, input: [], context: (), log: log, adding: [.user("More")]) }
            #expect(log.records.count == count)
        }
        await #expect(throws: RunError.user("Input can be added to a run that is under way, and to no other.")) {
            try await Runner(testing: ScriptedModel()).run(Agent<Void>.stub(), input: "Hi", context: (), adding: [.user("More")])
        }
    }
}
