import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what the outputs of tools do to the run.
@Suite(.timeLimit(.minutes(5))) struct ToolUseTests {
    private func agent(
        _ trace: Trace, _ decide: @escaping @Sendable ([FunctionToolResult], RunContext<Void>) async throws -> ToolsToFinalOutputResult
    ) -> Agent<Void> {
        var agent = Agent<Void>.stub(tools: [trace.tool("a"), trace.tool("b")])
        agent.toolsToFinalOutput = { results, run in
            trace.note("decides \(results.map(\.call.name)) \(results.map(\.result.output)) \(run.turn)")
            return try await decide(results, run)
        }
        return agent
    }

    private let calls = ScriptedModel.Step.calls(("a", "1"), ("b", "2"))

    @Test(arguments: [
        (ToolUseBehavior.stopOnFirstTool, "a says 1", 1), (.stopAtTools(["b"]), "b says 2", 1), (.stopAtTools(["c"]), "Done", 2),
        (.runModelAgain, "Done", 2),
    ])
    func t70_anOutputMayBeTheEnd(behavior: ToolUseBehavior, output: String, requests: Int) async throws {
        let run = try await inBothModes { mode in
            var agent = Agent<Void>.stub(tools: [mode.trace.tool("a", .writes), mode.trace.tool("b", .writes)])
            agent.toolUseBehavior = behavior
            try await mode.run(agent, model: [calls, .text("Done")])
        }
        #expect(run.output == output)
        #expect(run.notes == ["a", "a ended", "b", "b ended"])
        #expect(run.requests.count == requests)
    }

    @Test(arguments: [true, false])
    func t70_theAgentItselfMayDecide(isFinal: Bool) async throws {
        let run = try await inBothModes { mode in
            let agent = agent(Trace()) { results, _ in isFinal ? .final(.string("\(results.count) of them")) : .notFinal }
            try await mode.run(agent, model: [calls, .text("Done")])
        }
        #expect(run.output == (isFinal ? "2 of them" : "Done"))
        #expect(run.requests.count == (isFinal ? 1 : 2))
    }

    @Test func t70_aValueIsTextForFreeTextAndTakenAsItIsOtherwise() async throws {
        let free = try await inBothModes { mode in try await mode.run(agent(Trace()) { _, _ in .final(["n": 1]) }, model: [calls]) }
        #expect(free.output == #"{"n":1}"#)
        #expect(free.result?.value == nil)
        let typed = try await inBothModes { mode in
            var agent = agent(Trace()) { _, _ in .final(["n": "one"]) }
            agent.outputType = try .json(["type": "object", "properties": ["n": ["type": "integer"]]])
            try await mode.run(agent, model: [calls])
        }
        #expect(typed.result?.value == ["n": "one"])
    }

    @Test func t70_whatWasDecidedIsInTheLogAndNotAskedAgain() async throws {
        let full = InMemoryRunLog()
        let trace = Trace()
        let (runner, _) = Runner.scripted(calls, .text("Done"))
        let result = try await runner.run(agent(trace) { _, _ in .final("Enough") }, input: "Hi", context: (), log: full)
        #expect(full.records.map(\.event).sketches.suffix(2) == ["tool_use", "done Enough"])
        for count in 0...full.records.count {
            let later = Trace()
            let responses = full.records.prefix(count).filter { if case .response = $0.event { true } else { false } }.count
            let model = ScriptedModel(Array([calls, .text("Done")].dropFirst(responses)))
            let log = InMemoryRunLog(prefix: Array(full.records.prefix(count)))
            let again = try await Runner(model: model).run(agent(later) { _, _ in .final("Enough") }, input: "Hi", context: (), log: log)
            #expect(again == result, "after \(count) records")
            let isDecided = full.records.prefix(count).contains { $0.event.type == "tool_use" }
            #expect(later.notes.filter { $0.hasPrefix("decides") }.count == (isDecided ? 0 : 1))
        }
    }

    @Test func t70_aDecisionThatFailsFailsTheRun() async {
        struct Broken: Error {}
        let run = await inBothModes(throwing: RunError.failed("Broken()")) { mode in
            try await mode.run(agent(Trace()) { _, _ in throw Broken() }, model: [calls])
        }
        #expect(run.requests.count == 1)
    }

    @Test func t71_withoutResultsOfToolsNobodyIsAsked() async throws {
        let run = try await inBothModes { mode in
            let agent = agent(mode.trace) { _, _ in .final("never") }
            try await mode.run(agent, model: [.call("unknown"), .text("Done")])
        }
        #expect(run.notes.isEmpty)
        #expect(run.output == "Done")
        let stopping = try await inBothModes { mode in
            var agent = Agent<Void>.stub(tools: [mode.trace.tool("a")])
            agent.toolUseBehavior = .stopOnFirstTool
            try await mode.run(agent, model: [.calls(("unknown", "{}"), ("a", "1"))])
        }
        #expect(stopping.output == "a says 1")
    }

    @Test(arguments: [ToolChoice.required, .function("a")])
    func t72_aForcedChoiceIsDroppedOnceAToolWasUsedAndForThatAgentAlone(choice: ToolChoice) async throws {
        let run = try await inBothModes { mode in
            var other = Agent<Void>.stub("Other")
            other.settings.toolChoice = choice
            var agent = Agent<Void>.stub(tools: [mode.trace.tool("a")], handoffs: [Handoff(to: other)])
            agent.settings.toolChoice = choice
            try await mode.run(agent, model: [.call("a"), .call("transfer_to_other", id: "c2"), .text("Done")])
            try await mode.run(agent, model: [.text("Done")])
        }
        #expect(run.requests.map(\.settings.toolChoice) == [choice, nil, choice, choice])
    }

    @Test func t72_unsetStaysUnsetAndAnAgentMayKeepItsChoice() async throws {
        let run = try await inBothModes { mode in
            var agent = Agent<Void>.stub(tools: [mode.trace.tool("a")])
            try await mode.run(agent, model: [.call("a"), .text("Done")])
            agent.settings.toolChoice = .required
            agent.resetsToolChoice = false
            agent.toolUseBehavior = .stopAtTools(["a"])
            try await mode.run(agent, model: [.call("b"), .call("a", id: "c2")])
        }
        #expect(run.requests.map(\.settings.toolChoice) == [nil, nil, .required, .required])
        #expect(run.output == "a says {}")
    }

    @Test func t73_whatTheProviderSearchedIsNoUseOfATool() async throws {
        let search = Item.other(["type": "tool_search_call", "id": "ts_1"])
        let run = try await inBothModes { mode in
            var agent = Agent<Void>.stub(tools: [mode.trace.tool("tool_search")])
            agent.settings.toolChoice = .required
            let model: [ScriptedModel.Step] = [.response(ModelResponse(items: [search])), .call("tool_search"), .text("Done")]
            try await mode.run(agent, model: model)
        }
        #expect(run.requests.map(\.settings.toolChoice) == [.required, .required, nil])
    }

    @Test func t74_anUnknownToolIsToldToTheModelOrFailsTheRunBeforeAnyCall() async throws {
        let calls = ScriptedModel.Step.calls(("a", "1"), ("guess", "2"))
        let told = try await inBothModes { mode in
            try await mode.run(.stub(tools: [mode.trace.tool("a")]), model: [calls, .text("Done")])
        }
        #expect(told.newItems.dropFirst(2).prefix(2) == [.output("a says 1", of: "call_1"), .output("Tool 'guess' not found.", of: "call_2")])
        var config = RunConfig<Void>()
        config.failsOnUnknownTool = true
        let failed = await inBothModes(throwing: RunError.modelBehavior("Tool guess not found in agent Assistant")) { [config] mode in
            try await mode.run(.stub(tools: [mode.trace.tool("a")]), model: [calls], config: config)
        }
        #expect(failed.notes.isEmpty)
    }

    @Test(arguments: ["computer_call", "local_shell_call", "apply_patch_call", "custom_tool_call", "shell_call"])
    func t75_aCallThatNobodyHereCarriesOutFailsTheRun(type: String) async throws {
        let call: JSONValue = ["type": .string(type), "call_id": "c1", "environment": ["type": "local"]]
        let error = RunError.modelBehavior("The model made a '\(type)', which nobody here carries out.")
        let run = await inBothModes(throwing: error) { mode in
            try await mode.run(Agent<Void>.stub(), model: [.response(ModelResponse(items: [.other(call)]))])
        }
        #expect(run.requests.count == 1)
        // What the provider carried out comes with its output.
        let output: JSONValue = ["type": .string(type + "_output"), "call_id": "c1"]
        let hosted = try await inBothModes { mode in
            try await mode.run(Agent<Void>.stub(), model: [.response(ModelResponse(items: [.other(call), .other(output)])), .text("Done")])
        }
        #expect(hosted.output == "Done")
    }
}
