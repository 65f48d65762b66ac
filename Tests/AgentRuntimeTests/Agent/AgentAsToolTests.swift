import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, agents as tools.
@Suite(.timeLimit(.minutes(1))) struct AgentAsToolTests {
    private func run(
        _ nested: Agent<String>, _ model: ScriptedModel, config: RunConfig<String> = RunConfig(), arguments: String = #"{"input":"Think"}"#,
        output: (@Sendable (RunResult) async throws -> String)? = nil, log: InMemoryRunLog = InMemoryRunLog(), reader: Reader = Reader()
    ) async throws -> (result: RunResult, model: ScriptedModel) {
        let tool = nested.asTool(description: "Thinks.", output: output) { record, call in
            #expect(call.text == "run/1/0")
            reader.read(record)
        }
        let outer = ScriptedModel(.call("my_agent_2__", arguments), .text("Done"))
        var agent = Agent<String>.stub(tools: [tool])
        agent.model = outer
        let result = try await Runner(model: model).run(agent, input: "Hi", context: "Ann", config: config, log: log)
        return (result, outer)
    }

    private func nested(tools: [AnyTool<String>] = []) -> Agent<String> {
        Agent(name: "My Agent-2 é", instructions: Instructions { "For \($0.value)" }, tools: tools)
    }

    @Test func n201_n206_theNestedOutputIsTheCallsAndItsUsageTheRuns() async throws {
        let model = ScriptedModel(.call("add", id: "n1"), .text("42"))
        let log = InMemoryRunLog()
        let reader = Reader()
        let trace = Trace()
        let tool = AnyTool<String>.stub("add") { _, run in
            trace.note("\(run.value) \(run.call?.text ?? "")")
            return "added"
        }
        let (result, outer) = try await run(nested(tools: [tool]), model, log: log, reader: reader)
        #expect(outer.requests.first?.tools.map(\.name) == ["my_agent_2__"])
        #expect(outer.requests.last?.input.last == .output("42", of: "call_1"))
        #expect(model.requests.first?.input == [.user("Think")])
        #expect(model.requests.first?.instructions == "For Ann")
        #expect(trace.notes == ["Ann run/1/0/1/0"])
        #expect(result.usage.requests == 4)
        // N204: the nested run's events, and none of them in the outer log.
        #expect(reader.events.sketches == ["start", "response", "tool_call n1 add", "tool_result n1 ok", "response", "done 42"])
        #expect(
            log.records.map(\.event).sketches == [
                "start", "response", "tool_call call_1 my_agent_2__", "tool_result call_1 ok", "response", "done Done",
            ])
        // The usage is in the log.
        let copy = InMemoryRunLog(prefix: Array(log.records.filter(\.event.isDecided).dropLast()))
        #expect(try await Runner(model: ScriptedModel()).run(Agent<String>.stub(), input: "", context: "", log: copy).usage.requests == 4)
    }

    @Test func n201_anExtractorOrTheNewestTextStandsInForTheOutput() async throws {
        let (_, extracted) = try await run(nested(), ScriptedModel(.text("42"))) { "\($0.lastAgent) said \($0.output)" }
        #expect(extracted.requests.last?.input.last == .output("My Agent-2 é said 42", of: "call_1"))
        let silent = ScriptedModel(.call("add", id: "n1"), .response(ModelResponse(items: [])))
        let (_, fallback) = try await run(nested(tools: [.stub("add") { _, _ in "added" }]), silent)
        #expect(fallback.requests.last?.input.last == .output("added", of: "call_1"))
    }

    @Test func n202_theRunsConfigurationIsTakenOverWithoutHooks() async throws {
        var config = RunConfig<String>()
        config.settings.temperature = 0.3
        let model = ScriptedModel(.text("42"))
        _ = try await run(nested(), model, config: config)
        #expect(model.requests.first?.settings.temperature == 0.3)
    }

    @Test func aNestedFailureIsToldLikeAnyOtherAndItsUsageCounts() async throws {
        let model = ScriptedModel(.call("add", id: "n1"), .error(ModelError.contentFiltered))
        let (result, outer) = try await run(nested(tools: [.stub("add")]), model)
        #expect(outer.requests.last?.input.last == .output("An error occurred while running the tool. Please try again.", of: "call_1"))
        #expect(result.usage.requests == 3)
    }

    @Test func n203_withoutAnInputThereIsNoRun() async throws {
        let model = ScriptedModel()
        for arguments in ["{}", "[]", "{", #"{"input":7}"#] {
            let (_, outer) = try await run(nested(), model, arguments: arguments)
            #expect(outer.requests.last?.input.last == .output("The arguments must be one JSON object with a text 'input'.", of: "call_1"))
        }
        #expect(model.requests.isEmpty)
    }

    @Test func aNestedRunCannotWaitForAPerson() async throws {
        var tool = AnyTool<String>.stub("delete") { _, _ in
            Issue.record("not to be called"); return ""
        }
        tool.needsApproval = .always
        let (result, outer) = try await run(nested(tools: [tool]), ScriptedModel(.call("delete", id: "n1")))
        #expect(result.interruptions.isEmpty)
        #expect(outer.requests.last?.input.last == .output("The agent needs a person's approval, which it cannot wait for here.", of: "call_1"))
    }
}
