import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, agents as tools.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct AgentAsToolTests {
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
        let result = try await Runner(testing: model).run(agent, input: "Hi", context: "Ann", config: config, log: log)
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
        let own = ["start", "response", "tool_call n1 add", "tool_result n1 ok", "response", "done 42"]
        #expect(reader.events.sketches == own)
        #expect(
            log.records.map(\.event).sketches == ["start", "response", "tool_call call_1 my_agent_2__"] + own.map { "call_1: \($0)" } + [
                "tool_result call_1 ok", "response", "done Done",
            ])
        // The usage is in the log.
        let copy = InMemoryRunLog(prefix: Array(log.records.filter(\.event.isDecided).dropLast()))
        #expect(try await Runner(testing: ScriptedModel()).run(Agent<String>.stub(), input: "", context: "", log: copy).usage.requests == 4)
    }

    @Test func n201_anExtractorOrTheNewestTextStandsInForTheOutput() async throws {
        let (_, extracted) = try await run(nested(), ScriptedModel(.text("42"))) { "\($0.lastAgent) said \($0.output)" }
        #expect(extracted.requests.last?.input.last == .output("My Agent-2 é said 42", of: "call_1"))
        let silent = ScriptedModel(.call("add", id: "n1"), .response(ModelResponse(items: [])))
        let (_, fallback) = try await run(nested(tools: [.stub("add") { _, _ in "added" }]), silent)
        #expect(fallback.requests.last?.input.last == .output("added", of: "call_1"))
    }

    @Test func n204_theHandlerFollowsHandoffsAndItsErrorsAreIgnored() async throws {
        try await inBothModes { mode in
            let seen = Trace()
            let model = mode.model([.call("transfer_to_expert", id: "h"), .text("42")])
            var expert = Agent<Void>.stub("Expert")
            expert.model = model
            var nested = Agent<Void>.stub("Helper", handoffs: [Handoff(to: expert)])
            nested.model = model
            let tool = nested.asTool(
                description: "Helps.",
                onEvent: { record, _ in
                    seen.note(record.event.sketch)
                    throw ToolFailure("No.")
                })
            let result = try await mode.run(.stub(tools: [tool]), model: [.call("helper", #"{"input":"x"}"#), .text("Done")])
            #expect(result.output == "Done")
            #expect(
                seen.notes.filter { $0 != "delta" } == [
                    "start", "response", "tool_call h transfer_to_expert", "handoff Expert", "response", "done 42",
                ])
            #expect(seen.notes.contains("delta") == mode.isStreamed)
        }
    }

    @Test func n203_argumentsOfATypeBecomeTheInput() async throws {
        struct Trip: OutputValue {
            var city: String
            var days: Int
            static let outputSchema: JSONValue = [
                "type": "object", "description": "A trip.",
                "properties": ["city": ["type": "string", "description": "Where to."], "days": ["type": "integer"]],
            ]
        }
        func input(of tool: AnyTool<Void>, _ model: ScriptedModel, _ arguments: String) async throws -> (input: Item?, output: Item?) {
            let outer = ScriptedModel(.call("helper", arguments), .text("Done"))
            _ = try await Runner(testing: outer).run(.stub(tools: [tool]), input: "Hi", context: ())
            return (model.requests.last?.input.first, outer.requests.last?.input.last)
        }
        func helper() -> (Agent<Void>, ScriptedModel) {
            let model = ScriptedModel(.text("42"))
            var agent = Agent<Void>.stub("Helper")
            agent.model = model
            return (agent, model)
        }
        let arguments = #"{"city":"Ulm","days":3}"#
        let (summed, first) = helper()
        let tool = try summed.asTool(description: "Plans.", taking: Trip.self)
        #expect(tool.definition.parameters["required"] == ["city", "days"])
        #expect(tool.definition.parameters["additionalProperties"] == false)
        let text = try #require(try await input(of: tool, first, arguments).input?.json["content"]?.string)
        #expect(text.contains("```\n\(arguments)\n```"))
        #expect(text.hasSuffix("## Fields of the input\n\nA trip.\n- city (string): Where to.\n- days (integer)"))

        let (whole, second) = helper()
        let schema = try whole.asTool(description: "Plans.", taking: Trip.self, includesInputSchema: true)
        let longer = try #require(try await input(of: schema, second, arguments).input?.json["content"]?.string)
        #expect(longer.hasSuffix("## Schema of the input\n\n```\n\(tool.definition.parameters.text)\n```"))

        let (built, third) = helper()
        let built2 = try built.asTool(description: "Plans.", taking: Trip.self) { trip, _ in [.user("\(trip.days) days in \(trip.city)")] }
        #expect(try await input(of: built2, third, arguments).input == .user("3 days in Ulm"))

        let (never, fourth) = helper()
        let refusing = try never.asTool(description: "Plans.", taking: Trip.self)
        for wrong in [#"{"city":7,"days":3}"#, "{", #"{"city":"Ulm"}"#] {
            let (input, output) = try await input(of: refusing, fourth, wrong)
            #expect(input == nil)
            #expect(output?.json["output"]?.string?.hasPrefix("The arguments do not fit: ") == true)
        }
        struct Word: OutputValue { static let outputSchema: JSONValue = ["type": "string"] }
        #expect(throws: SchemaError.self) { try never.asTool(description: "", taking: Word.self) }
    }

    @Test func theNestedRunHasItsOwnTurnsAndSession() async throws {
        let session = InMemorySession()
        var nested = Agent<Void>.stub("Helper", tools: [.stub("read")])
        nested.model = ScriptedModel(.text("one"), .call("read"), .text("two"))
        let outer = ScriptedModel(.call("helper", #"{"input":"a"}"#), .call("helper", #"{"input":"b"}"#, id: "call_2"), .text("Done"))
        let tool = nested.asTool(description: "Helps.", maxTurns: 1, session: session)
        _ = try await Runner(testing: outer).run(.stub(tools: [tool]), input: "Hi", context: ())
        #expect(
            await session.items() == [
                .user("a"), .assistant("one"), .user("b"), .call("read", "{}", id: "call_1"), .output("done", of: "call_1"),
            ])
        #expect(outer.requests.last?.input.last == .output("An error occurred while running the tool. Please try again.", of: "call_2"))
    }

    @Test func n201_noTextStandsInForAnOutputThatAGuardrailLookedAt() async throws {
        var helper = nested(tools: [.stub("add") { _, _ in "added" }])
        helper.outputGuardrails = [OutputGuardrail("look") { _, _ in nil }]
        let (_, outer) = try await run(helper, ScriptedModel(.call("add", id: "n1"), .response(ModelResponse(items: []))))
        #expect(outer.requests.last?.input.last == .output("", of: "call_1"))
    }

    @Test func n205_aFailureEndsTheRunWhereTheToolSaysSo() async throws {
        let run = await inBothModes(throwing: RunError.model(.contentFiltered)) { mode in
            var nested = Agent<Void>.stub("Helper")
            nested.model = mode.model([.error(ModelError.contentFiltered)])
            var tool = nested.asTool(description: "Helps.")
            tool.errorBehavior = .failRun
            try await mode.run(.stub(tools: [tool]), model: [.call("helper", #"{"input":"x"}"#)])
        }
        #expect(run.sketches.suffix(3) == ["call_1: start", "call_1: error content_filtered", "error content_filtered"])
    }

    @Test func n202_aConfigurationOfItsOwnBeatsTheRuns() async throws {
        var (config, own) = (RunConfig<String>(), RunConfig<String>())
        config.settings.temperature = 0.3
        own.settings.topP = 0.5
        let model = ScriptedModel(.text("42"), .text("43"))
        var helper = nested()
        helper.model = model
        let tool = helper.asTool(description: "Thinks.", config: own, previousResponseID: "resp_7")
        for arguments in [#"{"input":"a"}"#, #"{"input":"b"}"#] {
            let outer = ScriptedModel(.call("my_agent_2__", arguments), .text("Done"))
            _ = try await Runner(testing: outer).run(Agent<String>.stub(tools: [tool]), input: "Hi", context: "Ann", config: config)
            #expect(outer.requests.allSatisfy { $0.previousResponseID == nil && $0.settings.temperature == 0.3 })
        }
        #expect(model.requests.map(\.previousResponseID) == ["resp_7", "resp_7"])
        #expect(model.requests.allSatisfy { $0.settings.temperature == nil && $0.settings.topP == 0.5 })
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
}
