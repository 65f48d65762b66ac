import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5)), .eitherMode) struct HandoffTests {
    private let planner = Agent<Void>(
        name: "Planner", instructions: "Plan.", handoffDescription: "Makes plans.", tools: [.stub("plan")],
        settings: ModelSettings(temperature: 0.5))

    @Test func h107_theOtherAgentGoesOnWithTheWholeConversation() async throws {
        let agent = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: planner)])
        let run = try await inBothModes { try await $0.run(agent, "Plan it", model: [.call("transfer_to_planner"), .text("A plan.")]) }
        #expect(run.output == "A plan.")
        #expect(run.lastAgent == "Planner")
        #expect(run.newItems.dropLast() == run.requests.last?.input.dropFirst())
        #expect(run.requests.map(\.instructions) == ["Help.", "Plan."])
        #expect(run.requests.map { $0.tools.map(\.name) } == [["add", "transfer_to_planner"], ["plan"]])
        #expect(run.requests.last?.settings.temperature == 0.5)
        #expect(
            run.requests.last?.input == [
                .user("Plan it"), .call("transfer_to_planner", "{}", id: "call_1"), .output(#"{"assistant": "Planner"}"#, of: "call_1"),
            ])
        #expect(run.sketches == ["start", "response", "tool_call call_1 transfer_to_planner", "handoff Planner", "response", "done A plan."])
    }

    @Test func h110_aHandoffThatTheAgentDoesNotHaveIsToldToTheModel() async throws {
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: planner)])
        let run = try await inBothModes { try await $0.run(agent, model: [.call("transfer_to_nobody"), .text("Done")]) }
        #expect(run.requests.last?.input.last == .output("Tool 'transfer_to_nobody' not found.", of: "call_1"))
        #expect(run.lastAgent == "Assistant")
    }

    @Test func h101_theFunctionIsNamedAndDescribedAfterTheAgent() async throws {
        let (runner, model) = Runner.scripted(.text("Hi"))
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: planner), Handoff(to: .stub("Émile & Co"))])
        _ = try await runner.run(agent, input: "Hi", context: ())
        let tools = model.requests.first?.tools ?? []
        #expect(tools.map(\.name) == ["transfer_to_planner", "transfer_to__mile___co"])
        #expect(
            tools.map(\.description) == [
                "Handoff to the Planner agent to handle the request. Makes plans.", "Handoff to the Émile & Co agent to handle the request. ",
            ])
        #expect(tools.first?.parameters == ["type": "object", "properties": [:], "required": [], "additionalProperties": false])
    }

    @Test func h109_toolsRunFirstAndOfSeveralHandoffsTheFirstHappens() async throws {
        let calls: ScriptedModel.Step = .calls(
            ("transfer_to_planner", "{}"), ("add", "{}"), ("transfer_to_critic", "{}"), ("transfer_to_planner", ""))
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(
                tools: [mode.trace.tool("add", .writes)], handoffs: [Handoff(to: planner), Handoff(to: .stub("Critic"))])
            try await mode.run(agent, model: [calls, .text("A plan.")])
        }
        #expect(run.lastAgent == "Planner")
        #expect(
            run.sketches.dropFirst(6) == [
                "tool_result call_2 ok", "tool_result call_3 rejected", "tool_result call_4 rejected", "handoff Planner", "response", "done A plan.",
            ])
        let input = run.requests.last?.input ?? []
        #expect(input.contains(.output("Multiple handoffs detected, ignoring this one.", of: "call_3")))
        #expect(input.contains(.output("Multiple handoffs detected, ignoring this one.", of: "call_4")))
        #expect(input.contains(.output(#"{"assistant": "Planner"}"#, of: "call_1")))
        #expect(run.notes == ["add", "add ended"])
    }

    @Test func h108_aHandoffBesideAMessageHappens() async throws {
        let call = Item.call("transfer_to_planner", "{}", id: "c1")
        for items in [[.assistant("I pass you on."), call], [call, .assistant("I pass you on.")]] {
            let agent = Agent<Void>.stub(handoffs: [Handoff(to: planner)])
            let run = try await inBothModes { try await $0.run(agent, model: [.response(ModelResponse(items: items)), .text("A plan.")]) }
            #expect(run.output == "A plan.")
            #expect(run.lastAgent == "Planner")
        }
    }

    @Test func agentsMayHandToEachOtherInACircleUntilTheTurnsAreUsedUp() async throws {
        @Sendable func ping() -> Agent<Void> {
            .stub("Ping", handoffs: [Handoff(toAgentNamed: "Pong", description: nil) { pong() }])
        }
        @Sendable func pong() -> Agent<Void> {
            .stub("Pong", handoffs: [Handoff(toAgentNamed: "Ping", description: nil) { ping() }])
        }
        let model = ScriptedModel(
            Array(repeating: [.call("transfer_to_pong", "{}", id: "a"), .call("transfer_to_ping", "{}", id: "b")], count: 5).flatMap(\.self))
        let log = InMemoryRunLog()
        await #expect(throws: RunError.maxTurnsExceeded(10)) {
            try await Runner(testing: model).run(ping(), input: "Hi", context: (), log: log)
        }
        #expect(model.requests.count == 10)
        #expect(log.records.map(\.event).sketches.filter { $0.hasPrefix("handoff") }.count == 10)
    }

    @Test func aToolChoiceIsResetAgentByAgent() async throws {
        let (runner, model) = Runner.scripted(.call("transfer_to_planner"), .call("plan", id: "c2"), .text("Done"))
        var forced = planner
        forced.settings.toolChoice = .required
        var agent = Agent<Void>.stub(handoffs: [Handoff(to: forced)])
        agent.settings.toolChoice = .required
        _ = try await runner.run(agent, input: "Hi", context: ())
        #expect(model.requests.map(\.settings.toolChoice) == [.required, .required, nil])
    }
}
