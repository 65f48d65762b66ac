import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what a tool knows, and what is known of it.
@Suite(.timeLimit(.minutes(5))) struct ToolContextTests {
    @Test func t81_aToolKnowsItsCallItsAgentAndTheRunsConfiguration() async throws {
        let run = try await inBothModes { mode in
            let look = AnyTool<Void>.stub("look") { _, run in
                let known = run.tool.map { "\($0.agent.name) \($0.call.callID) \($0.call.arguments) \($0.config.settings.temperature ?? 0)" }
                mode.trace.note(known ?? "nothing")
                return "done"
            }
            var helper = Agent<Void>.stub("Helper", tools: [look])
            helper.model = mode.model([.call("look", #"{"n":2}"#, id: "inner"), .text("Looked")])
            var config = RunConfig<Void>()
            config.settings.temperature = 0.5
            let calls = ScriptedModel.Step.calls(("look", #"{"n":1}"#), ("helper", #"{"input":"Look"}"#))
            try await mode.run(.stub(tools: [look, helper.asTool(description: "Helps.")]), model: [calls, .text("Done")], config: config)
        }
        #expect(run.notes == [#"Assistant call_1 {"n":1} 0.5"#, #"Helper inner {"n":2} 0.5"#])
    }

    @Test func outsideOfAToolThereIsNoCall() async throws {
        let run = try await inBothModes { mode in
            var agent = Agent<Void>.stub()
            agent.inputGuardrails = [
                InputGuardrail("look") { _, run in
                    mode.trace.note("\(run.tool == nil)")
                    return nil
                }
            ]
            try await mode.run(agent, model: [.text("Done")])
        }
        #expect(run.notes == ["true"])
    }

    @Test func t82_callsSayWhereTheirToolsCameFrom() async throws {
        let run = try await inBothModes { mode in
            var helper = Agent<Void>.stub("Helper")
            helper.model = mode.model([.text("Helped")])
            var forecast = AnyTool<Void>.stub("forecast")
            forecast.origin = .mcp(server: "sky")
            let agent = Agent<Void>.stub(
                tools: [.stub("add"), forecast, helper.asTool(description: "Helps.")], handoffs: [Handoff(to: .stub("Other"))])
            let calls = ScriptedModel.Step.calls(
                ("add", "{}"), ("forecast", "{}"), ("helper", #"{"input":"x"}"#), ("guess", "{}"), ("transfer_to_other", "{}"))
            try await mode.run(agent, model: [calls, .text("Done")])
        }
        let origins = run.log.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }.map(\.origin)
        #expect(origins == [.function, .mcp(server: "sky"), .agent("Helper"), nil, nil])
    }

    @Test func t83_dataThatIsKeptWithAResultReachesNoModel() async throws {
        let run = try await inBothModes { mode in
            var tool = AnyTool<Void>.stub("add") { _, _ in "added" }
            tool.customData = { result, call, run in ["rows": 3, "output": .string(result.output), "call": .string(call.callID)] }
            try await mode.run(.stub(tools: [tool]), model: [.call("add"), .text("Done")], session: mode.session)
        }
        let data = run.log.compactMap { if case .toolResult(let result) = $0 { result.customData } else { nil } }
        #expect(data == [["rows": 3, "output": "added", "call": "call_1"]])
        let sent = run.requests.flatMap(\.input) + run.session + run.newItems
        #expect(sent.allSatisfy { !$0.json.text.contains("rows") })
    }

    @Test func t83_dataThatCannotBeMadeFailsTheRunAndTheResultStays() async {
        struct Broken: Error {}
        let run = await inBothModes(throwing: RunError.failed("Broken()")) { mode in
            var tool = AnyTool<Void>.stub("add")
            tool.customData = { _, _, _ in throw Broken() }
            try await mode.run(.stub(tools: [tool]), model: [.call("add")])
        }
        #expect(run.sketches.suffix(2) == ["tool_result call_1 ok", "error internal"])
    }

    @Test func t47_nameDescriptionAndStrictnessCanBeSet() async throws {
        struct AddTodo: Tool {
            static let name = "todo_add"
            static let summary = "Adds."
            @Argument("What.") var title: String
            init() {}
            func call(in run: RunContext<Void>) async throws -> String { title }
        }
        var tool = AnyTool(AddTodo.self)
        #expect(tool.definition.name == "todo_add")
        #expect(tool.definition.isStrict)
        tool.definition.description = "Adds one."
        tool.definition.isStrict = false
        let run = try await inBothModes { [tool] mode in
            try await mode.run(.stub(tools: [tool]), model: [.call("todo_add", #"{"title":"Milk"}"#), .text("Done")])
        }
        #expect(run.requests.first?.tools == [tool.definition])
        #expect(run.newItems.contains(.output("Milk", of: "call_1")))
    }
}
