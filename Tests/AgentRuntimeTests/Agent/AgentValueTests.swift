import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, agents as values.
@Suite(.timeLimit(.minutes(5))) struct AgentValueTests {
    @Test func l30_aToolThatComesDuringARunIsThereInTheNextTurn() async throws {
        let run = try await inBothModes { mode in
            let trace = mode.trace
            var agent = Agent<Void>.stub(tools: [trace.tool("find")])
            agent.dynamicTools = { run in run.turn == 0 ? [] : [trace.tool("found \(run.turn)")] }
            try await mode.run(agent, model: [.call("find"), .call("found 1", id: "c2"), .text("Done")])
        }
        #expect(run.requests.map { $0.tools.map(\.name) } == [["find"], ["find", "found 1"], ["find", "found 2"]])
        #expect(run.newItems.contains(.output("found 1 says {}", of: "c2")))
    }

    @Test func l30_aRunThatGoesOnFromItsLogFindsTheToolAgain() async throws {
        let run = try await inBothModes { mode in
            let trace = mode.trace
            var agent = Agent<Void>.stub()
            agent.dynamicTools = { run in
                var tool = trace.tool("add")
                tool.needsApproval = .always
                return [tool]
            }
            let asked = try await mode.run(agent, model: [.call("add"), .text("Never")])
            try await mode.resume(agent, model: [.text("Done")], decisions: asked.interruptions.map { $0.approve() })
        }
        #expect(run.output == "Done")
        #expect(run.notes == ["add", "add ended"])
    }

    @Test func l36_aCopySharesNothingWithItsOriginal() {
        let original = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: .stub("Other"))])
        var copy = original
        copy.name = "Copy"
        copy.tools.append(.stub("list"))
        copy.handoffs = []
        copy.settings.temperature = 1
        #expect(original.name == "Assistant")
        #expect(original.tools.map(\.name) == ["add"])
        #expect(original.handoffs.count == 1)
        #expect(original.settings.temperature == nil)
    }

    @Test func l38_nothingOfAnAgentOutlivesItsRun() async throws {
        final class Held: Sendable {}
        weak var held: Held?
        let result: RunResult
        do {
            let strong = Held()
            held = strong
            let planner = Agent<Void>.stub("Planner", tools: [.stub("plan") { _, _ in "\(ObjectIdentifier(strong))" }])
            let agent = Agent<Void>.stub(tools: [.stub("add") { _, _ in "\(ObjectIdentifier(strong))" }], handoffs: [Handoff(to: planner)])
            let model = ScriptedModel(.call("add"), .call("transfer_to_planner", id: "c2"), .call("plan", id: "c3"), .text("Done"))
            result = try await Runner(model: model).run(agent, input: "Hi", context: ())
        }
        #expect(held == nil)
        #expect(result.lastAgent == "Planner")
    }

    @Test func l39_everythingAtOnceIsTheSameInBothModes() async throws {
        let run = try await inBothModes { mode in
            let trace = mode.trace
            var planner = Agent<Void>.stub("Planner", tools: [trace.tool("plan")])
            planner.outputType = try .json(["type": "array", "items": ["type": "integer"]])
            planner.outputGuardrails = [
                OutputGuardrail("length") { output, _ in
                    trace.note("checked \(output)"); return nil
                }
            ]
            var guarded = trace.tool("remove", .writes)
            guarded.needsApproval = .always
            let tools = [trace.tool("list"), trace.tool("add", .writes), guarded, .stub("break") { _, _ in throw ToolFailure("It broke.") }]
            let agent = Agent<Void>.stub(tools: tools, handoffs: [Handoff(to: planner)])
            let asked = try await mode.run(
                agent,
                model: [
                    .response(
                        ModelResponse(items: [
                            .other(["type": "reasoning", "id": "rs_1", "summary": []]), .assistant("I begin."), .call("list", "{}", id: "c1"),
                            .call("add", "{}", id: "c2"), .call("none", "{}", id: "c3"), .call("break", "{}", id: "c4"),
                        ])),
                    .calls([
                        Item.FunctionCall(callID: "c5", name: "remove", arguments: "{}"),
                        Item.FunctionCall(callID: "c6", name: "transfer_to_planner", arguments: "{}"),
                    ]),
                ], session: mode.session)
            try await mode.resume(
                agent, model: [.call("plan", id: "c7"), .text(#"{"response":[1,2]}"#)], session: mode.session,
                decisions: asked.interruptions.map { $0.approve() })
        }
        #expect(run.result?.value == [1, 2])
        #expect(run.session == [.user("Hi")] + run.newItems)
        #expect(run.requests.count == 4)
        #expect(run.notes.suffix(2) == ["plan ended", #"checked {"response":[1,2]}"#])
    }

    @Test func l39_theSameErrorAndTheSameTracesOfItInBothModes() async {
        let run = await inBothModes(throwing: RunError.model(.contentFiltered)) { mode in
            try await mode.run(
                .stub(tools: [mode.trace.tool("add")]), model: [.call("add"), .stream([.textDelta("He")], error: ModelError.contentFiltered)],
                session: mode.session)
        }
        #expect(run.session.count == 3)
        #expect(run.sketches.last == "error content_filtered")
    }
}
