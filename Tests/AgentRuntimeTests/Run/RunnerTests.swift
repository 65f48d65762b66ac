import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RunnerTests {
    @Test func l1_textEndsTheRun() async throws {
        let run = try await inBothModes { mode in
            try await mode.run(Agent<Void>.stub(), model: [.text("Hello you")])
        }
        #expect(run.output == "Hello you")
        #expect(run.lastAgent == "Assistant")
        #expect(run.newItems == [.assistant("Hello you")])
        #expect(run.usage == Usage(requests: 1))
        let group = run.requests.first?.promptCacheGroup
        #expect(run.requests == [ModelRequest(instructions: "Help.", input: [.user("Hi")], promptCacheGroup: group)])
        #expect(run.sketches == ["start", "response", "done Hello you"])
        #expect(run.pieces == ["He", "ll", "o ", "yo", "u"])
    }

    @Test func l2_aRunGoesOnWithWhatAnotherLeftAndItsLastAgent() async throws {
        let planner = Agent<Void>.stub("Planner")
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: planner)])
        let run = try await inBothModes { mode in
            let first = try await mode.run(agent, model: [.call("transfer_to_planner"), .text("A plan.")])
            let last = try #require([agent, planner].first { $0.name == first.lastAgent })
            try await mode.run(last, "And then?", model: [.text("That is all.")], history: [.user("Hi")] + first.newItems)
        }
        #expect(run.lastAgent == "Planner")
        #expect(
            run.requests.last?.input == [
                .user("Hi"), .call("transfer_to_planner", "{}", id: "call_1"), .output(#"{"assistant": "Planner"}"#, of: "call_1"),
                .assistant("A plan."), .user("And then?"),
            ])
    }

    @Test func l3_aToolCallIsAnsweredAndTheModelAskedAgain() async throws {
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("add", .writes)])
            try await mode.run(agent, "Add 1", model: [.call("add", #"{"n":1}"#), .text("Added.")])
        }
        #expect(run.output == "Added.")
        #expect(run.newItems == [.call("add", #"{"n":1}"#, id: "call_1"), .output(#"add says {"n":1}"#, of: "call_1"), .assistant("Added.")])
        #expect(run.usage?.requests == 2)
        #expect(run.requests.last?.input == [.user("Add 1")] + run.newItems.dropLast())
        #expect(run.requests.map(\.tools) == Array(repeating: [AnyTool<Void>.stub("add").definition], count: 2))
        #expect(run.sketches == ["start", "response", "tool_call call_1 add", "tool_result call_1 ok", "response", "done Added."])
        #expect(run.notes == ["add", "add ended"])
        #expect(run.remainingSteps == 0)
    }

    @Test func historyComesBeforeTheInput() async throws {
        let (runner, model) = Runner.scripted(.text("Hello"))
        let result = try await runner.run(Agent<Void>.stub(), input: "Again", context: (), history: [.user("Hi"), .assistant("Hello")])
        #expect(model.requests.first?.input == [.user("Hi"), .assistant("Hello"), .user("Again")])
        #expect(result.newItems == [.assistant("Hello")])
    }

    @Test func theModelsReasoningIsShownAndItsItemsAreKept() async throws {
        let reasoning = Item.other(["type": "reasoning", "id": "rs_1", "summary": []])
        let response = ModelResponse(items: [reasoning, .assistant("So")], usage: Usage(requests: 1, inputTokens: 3, outputTokens: 4))
        let (runner, _) = Runner.scripted(.stream([.reasoningDelta("Hm"), .textDelta("So"), .completed(response)]))
        let reader = Reader()
        let result = try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()) { reader.read($0) }
        #expect(result.newItems == [reasoning, .assistant("So")])
        #expect(result.usage == Usage() + response.usage)
        #expect(reader.events.map(\.sketch) == ["start", "reasoning", "delta", "response", "done So"])
    }

    @Test func l4_nothingSaidIsAnEmptyOutput() async throws {
        let run = try await inBothModes { try await $0.run(Agent<Void>.stub(), model: [.response(ModelResponse(items: []))]) }
        #expect(run.output == "")
        #expect(run.requests.count == 1)
    }

    @Test func l5_theLastMessageIsTheOutput() async throws {
        let response = ModelResponse(items: [.assistant("Wait"), .assistant("Now")])
        let run = try await inBothModes { try await $0.run(Agent<Void>.stub(), model: [.response(response)]) }
        #expect(run.output == "Now")
        #expect(run.newItems == [.assistant("Wait"), .assistant("Now")])
    }

    @Test func l6_aMessageBesideACallIsNotTheOutput() async throws {
        let response = ModelResponse(items: [.assistant("I add it."), .call("add", "{}", id: "c1"), .assistant("Done?")])
        let run = try await inBothModes { mode in
            try await mode.run(.stub(tools: [mode.trace.tool("add")]), model: [.response(response), .text("Added.")])
        }
        #expect(run.output == "Added.")
        #expect(run.notes == ["add", "add ended"])
        #expect(run.requests.last?.input == [.user("Hi")] + response.items + [.output("add says {}", of: "c1")])
    }

    @Test(arguments: ["web_search_call", "tool_search_call", "shell_call"])
    func l7_aModelThatOnlyActedByItselfIsAskedAgain(type: String) async throws {
        let hosted = Item.other(["type": .string(type), "id": "h_1"])
        let run = try await inBothModes { try await $0.run(Agent<Void>.stub(), model: [.response(ModelResponse(items: [hosted])), .text("Found.")]) }
        #expect(run.output == "Found.")
        #expect(run.requests.last?.input == [.user("Hi"), hosted])
    }

    @Test func l8_aRefusalBesideHostedActivityFailsTheRun() async throws {
        let refusal = Item.message(Item.Message(role: .assistant, content: [.refusal("I will not.")]))
        let run = await inBothModes(throwing: RunError.modelRefusal("I will not.")) { mode in
            try await mode.run(
                Agent<Void>.stub(), model: [.response(ModelResponse(items: [.other(["type": "web_search_call", "id": "w"]), refusal]))])
        }
        #expect(run.requests.count == 1)
        #expect(run.sketches == ["start", "response", "error model_refused"])
    }

    @Test func anEmptyInputReachesTheModelAsSuch() async throws {
        let (runner, model) = Runner.scripted(.text("Hello"))
        _ = try await runner.run(Agent<Void>.stub(), input: [], context: ())
        #expect(model.requests.first?.input == [])
    }

    @Test(arguments: [
        (ModelError.http(status: 429, message: "", retryAfter: nil), "model_busy"),
        (.http(status: 500, message: "", retryAfter: nil), "model_unavailable"),
        (.transport(.firstByteTimedOut), "model_timeout"), (.interrupted(.betweenBytesTimedOut), "model_timeout"),
        (.transport(.tls("")), "model_unavailable"), (.interrupted(.connectionLost("")), "model_unavailable"),
        (.failed(code: "rate_limit_exceeded", message: ""), "model_busy"), (.failed(code: nil, message: ""), "model_unavailable"),
        (.malformed(""), "model_misbehaved"), (.contentFiltered, "content_filtered"), (.lengthLimitReached, "model_misbehaved"),
    ])
    func aFaultOfTheModelEndsTheRunAndIsClassified(error: ModelError, code: String) async throws {
        let (runner, _) = Runner.scripted(.stream([.textDelta("Hel")], error: error))
        let reader = Reader()
        await #expect(throws: RunError.model(error)) {
            try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()) { reader.read($0) }
        }
        #expect(reader.events.map(\.sketch) == ["start", "delta", "error \(code)"])
    }

    @Test func aModelThatEndsWithoutAResponseIsAFault() async throws {
        let (runner, _) = Runner.scripted(.stream([.textDelta("Hel")]))
        await #expect(throws: RunError.model(.malformed("it ended without a response"))) {
            try await runner.run(Agent<Void>.stub(), input: "Hi", context: ())
        }
    }

    @Test func anAgentsOwnModelAndSettingsAreUsed() async throws {
        let (runner, model) = Runner.scripted()
        let own = ScriptedModel(.text("Mine"))
        var agent = Agent<Void>.stub()
        agent.model = own
        agent.settings = ModelSettings(temperature: 0)
        #expect(try await runner.run(agent, input: "Hi", context: ()).output == "Mine")
        #expect(model.requests.isEmpty)
        #expect(own.requests.first?.settings == ModelSettings(temperature: 0))
    }

    @Test func instructionsAreMadeAnewForEachRequest() async throws {
        let (runner, model) = Runner.scripted(.call("add"), .text("Done"))
        let agent = Agent<String>(
            name: "A", instructions: Instructions { run in "For \(run.value), turn \(run.turn), \(run.usage.requests) requests" },
            tools: [.stub("add")])
        _ = try await runner.run(agent, input: "Hi", context: "Ann")
        #expect(model.requests.map(\.instructions) == ["For Ann, turn 0, 0 requests", "For Ann, turn 1, 1 requests"])
    }

    @Test func l28_instructionsMayBeAMethodAndAreAwaited() async throws {
        struct Greeter {
            let name: String

            func text(in run: RunContext<String>) async throws -> String {
                await Task.yield()
                return "You are \(name) and help \(run.value) as \(run.agentName)."
            }
        }
        let agent = Agent<String>(name: "A", instructions: Instructions(Greeter(name: "Bo").text))
        let run = try await inBothModes { try await $0.run(agent, context: "Ann", model: [.text("Hi")]) }
        #expect(run.requests.map(\.instructions) == ["You are Bo and help Ann as A."])
    }

    @Test func aFailureOfInstructionsOrReadersFailsTheRun() async throws {
        struct Broken: Error {}
        let (runner, model) = Runner.scripted(.text("Hi"))
        let agent = Agent<Void>(name: "A", instructions: Instructions { _ in throw Broken() })
        await #expect(throws: RunError.failed("Broken()")) { try await runner.run(agent, input: "Hi", context: ()) }
        #expect(model.requests.isEmpty)
        await #expect(throws: RunError.failed("Broken()")) {
            try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()) { _ in throw Broken() }
        }
    }

    @Test func aForcedToolChoiceIsDroppedOnceTheAgentHasUsedATool() async throws {
        for resets in [true, false] {
            let (runner, model) = Runner.scripted(.call("add"), .text("Done"))
            var agent = Agent<Void>.stub(tools: [.stub("add")])
            agent.settings.toolChoice = .required
            agent.resetsToolChoice = resets
            _ = try await runner.run(agent, input: "Hi", context: ())
            #expect(model.requests.map(\.settings.toolChoice) == [.required, resets ? nil : .required])
        }
    }

    @Test func theFactsOfTheMomentAreInTheLog() async throws {
        let (runner, _) = Runner.scripted(.text("Hi"))
        let log = InMemoryRunLog()
        _ = try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), facts: ["today": "2026-01-02"], log: log)
        #expect(log.records.first?.event == .start(RunStart(agent: "Assistant", input: [.user("Hi")], facts: ["today": "2026-01-02"])))
    }
}
