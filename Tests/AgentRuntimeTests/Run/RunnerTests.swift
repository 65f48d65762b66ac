import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct RunnerTests {
    @Test(arguments: [true, false])
    func textEndsTheRun(isStreamed: Bool) async throws {
        let (runner, model) = Runner.scripted(.text("Hello you"), isStreamed: isStreamed)
        let reader = Reader()
        let result = try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()) { reader.read($0) }
        #expect(result.output == "Hello you")
        #expect(result.lastAgent == "Assistant")
        #expect(result.newItems == [.assistant("Hello you")])
        #expect(result.usage == Usage(requests: 1))
        #expect(model.requests == [ModelRequest(instructions: "Help.", input: [.user("Hi")], isStreamed: isStreamed)])
        #expect(reader.events.sketches == ["start", "response", "done Hello you"])
        #expect(reader.events.filter { !$0.isDecided } == (isStreamed ? [.delta("Hello"), .delta(" you")] : []))
    }

    @Test(arguments: [true, false])
    func aCallIsMadeAndTheModelIsAskedAgainWithItsOutput(isStreamed: Bool) async throws {
        let (runner, model) = Runner.scripted(.call("add", #"{"n":1}"#), .text("Added."), isStreamed: isStreamed)
        let reader = Reader()
        let trace = Trace()
        let result = try await runner.run(.stub(tools: [trace.tool("add", .writes)]), input: "Add 1", context: ()) { reader.read($0) }
        #expect(result.output == "Added.")
        #expect(result.newItems == [.call("add", #"{"n":1}"#, id: "call_1"), .output(#"add says {"n":1}"#, of: "call_1"), .assistant("Added.")])
        #expect(result.usage.requests == 2)
        #expect(model.requests.last?.input == [.user("Add 1")] + result.newItems.dropLast())
        #expect(model.requests.map(\.tools) == Array(repeating: [AnyTool<Void>.stub("add").definition], count: 2))
        #expect(
            reader.events.sketches == [
                "start", "response", "tool_call call_1 add", "tool_result call_1 ok", "response", "done Added.",
            ])
        #expect(trace.notes == ["add", "add ended"])
        #expect(model.remainingSteps == 0)
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
        #expect(result.usage == Usage(requests: 1, inputTokens: 3, outputTokens: 4))
        #expect(reader.events.map(\.sketch) == ["start", "reasoning", "delta", "response", "done So"])
    }

    @Test func theLastMessageIsTheOutput() async throws {
        let (runner, _) = Runner.scripted(.response(ModelResponse(items: [.assistant("Wait"), .assistant("Now")])))
        #expect(try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()).output == "Now")
    }

    @Test func nothingSaidIsAnEmptyOutput() async throws {
        let (runner, _) = Runner.scripted(.response(ModelResponse(items: [])))
        #expect(try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()).output == "")
    }

    @Test func aModelThatOnlyActedByItselfIsAskedAgain() async throws {
        let search = Item.other(["type": "web_search_call", "id": "ws_1"])
        let (runner, model) = Runner.scripted(.response(ModelResponse(items: [search])), .text("Found."))
        #expect(try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()).output == "Found.")
        #expect(model.requests.last?.input == [.user("Hi"), search])
    }

    @Test func anEmptyInputReachesTheModelAsSuch() async throws {
        let (runner, model) = Runner.scripted(.text("Hello"))
        _ = try await runner.run(Agent<Void>.stub(), input: [], context: ())
        #expect(model.requests.first?.input == [])
    }

    @Test func aRefusalFailsTheRun() async throws {
        let refusal = Item.message(Item.Message(role: .assistant, content: [.refusal("I will not.")]))
        let (runner, _) = Runner.scripted(.response(ModelResponse(items: [refusal])))
        let reader = Reader()
        await #expect(throws: RunError.modelRefusal("I will not.")) {
            try await runner.run(Agent<Void>.stub(), input: "Hi", context: ()) { reader.read($0) }
        }
        #expect(reader.events.sketches == ["start", "response", "error model_refused"])
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
