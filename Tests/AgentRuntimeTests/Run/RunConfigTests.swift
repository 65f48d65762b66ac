import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RunConfigTests {
    @Test func l24_l25_aFilterChangesWhatTheModelSeesAndNothingElse() async throws {
        var config = RunConfig<Void>()
        config.modelInputFilter = { input, agent, _ in
            var input = input
            input.instructions = "For \(agent.name)"
            input.items += [.output("newer", of: "call_1"), .user("And?")]
            return input
        }
        let (runner, model) = Runner.scripted(.call("add"), .text("Done"))
        let result = try await runner.run(.stub(tools: [.stub("add")]), input: "Hi", context: (), config: config)
        #expect(model.requests.map(\.instructions) == ["For Assistant", "For Assistant"])
        #expect(model.requests.last?.input == [.user("Hi"), .call("add", "{}", id: "call_1"), .output("newer", of: "call_1"), .user("And?")])
        #expect(result.newItems == [.call("add", "{}", id: "call_1"), .output("done", of: "call_1"), .assistant("Done")])
    }

    @Test func l25_l26_whatAFilterRepeatsStandsOnceWhereItStoodFirst() async throws {
        let reasoning: JSONValue = ["type": "reasoning", "id": "rs_1", "summary": []]
        let told = Item.message(Item.Message(role: .assistant, content: [.text("So")], id: "m1"))
        let call = Item.FunctionCall(callID: "c1", name: "add", arguments: "{}")
        var newer = call
        newer.arguments = #"{"n":1}"#
        let (summarised, edited): (JSONValue, Item.FunctionCall) = (["type": "reasoning", "id": "rs_1", "summary": ["x"]], newer)
        var config = RunConfig<Void>()
        config.modelInputFilter = { input, _, _ in
            guard input.items.count > 1 else { return input }
            var input = input
            input.items += [.functionCall(edited), .other(summarised), told]
            input.items.swapAt(input.items.count - 4, input.items.count - 3)
            return input
        }
        let response = ModelResponse(items: [.other(reasoning), told, .functionCall(call)])
        let run = try await inBothModes { mode in
            try await mode.run(.stub(tools: [.stub("add")]), model: [.response(response), .text("Done")], config: config)
        }
        #expect(run.requests.last?.input == [.user("Hi"), .other(summarised), told, .functionCall(edited), .output("done", of: "c1")])
        #expect(run.newItems.prefix(3) == response.items[...])
    }

    @Test func l25_anIDThatComesAgainInALaterTurnIsNoRepetition() async throws {
        var config = RunConfig<Void>()
        config.modelInputFilter = { input, _, _ in input }
        let agent = Agent<Void>.stub(tools: [.stub("add") { arguments, _ in arguments }])
        let run = try await inBothModes { mode in
            try await mode.run(agent, model: [.call("add", "1", id: "c1"), .call("add", "2", id: "c1"), .text("Done")], config: config)
        }
        #expect(run.requests.last?.input == [.user("Hi")] + run.newItems.dropLast())
    }

    @Test func l24_aFilterThatFailsFailsTheRunBeforeTheModelIsAsked() async {
        struct Broken: Error {}
        var config = RunConfig<Void>()
        config.modelInputFilter = { _, _, _ in throw Broken() }
        let run = await inBothModes(throwing: RunError.failed("Broken()")) { try await $0.run(Agent<Void>.stub(), config: config) }
        #expect(run.requests.isEmpty)
    }

    @Test func l31_l33_theRunsModelAndSettingsBeatTheAgents() async throws {
        let own = ScriptedModel(.call("transfer_to_other"), .text("Done"))
        var config = RunConfig<Void>()
        config.model = own
        config.settings.temperature = 0.1
        var agent = Agent<Void>.stub(handoffs: [Handoff(to: .stub("Other"))])
        agent.settings = ModelSettings(temperature: 0.9, maxTokens: 5)
        let (runner, model) = Runner.scripted()
        _ = try await runner.run(agent, input: "Hi", context: (), config: config)
        #expect(model.requests.isEmpty)
        #expect(own.requests.map(\.settings) == [ModelSettings(temperature: 0.1, maxTokens: 5), ModelSettings(temperature: 0.1)])
    }

    @Test func g132_theRunsGuardrailsAreLikeTheAgents() async throws {
        var config = RunConfig<Void>()
        config.inputGuardrails = [InputGuardrail("in") { _, _ in nil }]
        config.outputGuardrails = [OutputGuardrail("out") { _, _ in "no" }]
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: .stub("Other"))])
        let (runner, _) = Runner.scripted(.call("transfer_to_other"), .text("Done"))
        let log = InMemoryRunLog()
        await #expect(throws: RunError.self) { try await runner.run(agent, input: "Hi", context: (), config: config, log: log) }
        #expect(
            log.records.map(\.event).sketches == [
                "start", "guardrail in false", "response", "tool_call call_1 transfer_to_other", "handoff Other", "response", "guardrail out true",
                "error content_filtered",
            ])
    }

    @Test func t74_a186_textsOfCallsThatCameToNothing() async throws {
        struct Broken: Error {}
        var config = RunConfig<Void>()
        config.toolErrorText = { kind, call in kind == .failed && call.name == "plain" ? nil : "\(kind) \(call.name)" }
        var guarded = AnyTool<Void>.stub("guarded")
        guarded.needsApproval = .always
        let tools: [AnyTool<Void>] = [.stub("break") { _, _ in throw Broken() }, .stub("plain") { _, _ in throw Broken() }, guarded]
        let log = InMemoryRunLog()
        let model = ScriptedModel(.calls(("break", ""), ("plain", ""), ("none", ""), ("guarded", "")), .text("Done"))
        let first = try await Runner(model: model).run(.stub(tools: tools), input: "Hi", context: (), config: config, log: log)
        _ = try await Runner(model: model).run(
            .stub(tools: tools), input: "Hi", context: (), config: config, log: log, decisions: first.interruptions.map { $0.reject() })
        let outputs = model.requests.last?.input.compactMap { if case .functionCallOutput(let output) = $0 { output.output } else { nil } }
        #expect(outputs == ["failed break", "An error occurred while running the tool. Please try again.", "notFound none", "rejected guarded"])
    }
}
