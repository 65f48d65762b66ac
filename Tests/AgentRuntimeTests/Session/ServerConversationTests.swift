import AgentTesting
import Testing

@testable import AgentRuntime

/// A conversation that the provider keeps: each request sends what it has not seen.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct ServerConversationTests {
    private let agent = Agent<Void>.stub(tools: [.stub("add")])
    private let pair: [Item] = [.call("add", "{}", id: "call_1"), .output("done", of: "call_1")]

    static func config(_ change: (inout RunConfig<Void>) -> Void) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        change(&config)
        return config
    }

    private static let chained = config { $0.previousResponseID = "resp_0" }
    private static let automatic = config { $0.autoPreviousResponseID = true }
    private static let conversation = config { $0.conversationID = "conv_1" }

    /// What the model is asked, whether the run is streamed or not.
    private func play(
        _ steps: [ScriptedModel.Step],
        _ config: RunConfig<Void>,
        agent: Agent<Void>? = nil,
        input: [Item] = [.user("Hi")]
    ) async throws -> [ModelRequest] {
        try await inBothModes { mode in
            let model = KeepingModel(mode.model(steps))
            try await mode.run(agent ?? self.agent, items: input, config: config) { $0.model = model }
        }.requests
    }

    @Test func v158_onlyNewItemsAreSentInAConversation() async throws {
        let steps: [ScriptedModel.Step] = [.answer("r1", .call("add", "{}", id: "call_1")), .answer("r2", .assistant("Done"))]
        let requests = try await play(steps, Self.conversation)
        #expect(requests.map(\.input) == [[.user("Hi")], [.output("done", of: "call_1")]])
        #expect(requests.map(\.conversationID) == ["conv_1", "conv_1"])
        #expect(requests.map(\.previousResponseID) == [nil, nil])
    }

    @Test func v158_v164_eachRequestGoesOnFromTheLatestResponseThatHasAnID() async throws {
        let steps: [ScriptedModel.Step] = [
            .answer("r1", .call("add", "{}", id: "call_1")), .answer(nil, .call("add", "[]", id: "call_2")), .answer("r3", .assistant("Done")),
        ]
        let requests = try await play(steps, Self.chained)
        #expect(requests.map(\.input) == [[.user("Hi")], [.output("done", of: "call_1")], [.output("done", of: "call_2")]])
        #expect(requests.map(\.previousResponseID) == ["resp_0", "r1", "r1"])
        #expect(requests.map(\.conversationID) == [nil, nil, nil])
    }

    @Test func v159_anAutomaticChainBeginsWithTheFirstResponse() async throws {
        let steps: [ScriptedModel.Step] = [.answer("r1", .call("add", "{}", id: "call_1")), .answer("r2", .assistant("Done"))]
        let chained = try await play(steps, Self.automatic)
        #expect(chained.map(\.input) == [[.user("Hi")], [.output("done", of: "call_1")]])
        #expect(chained.map(\.previousResponseID) == [nil, "r1"])
        let free = try await play(steps, RunConfig())
        #expect(free.map(\.input) == [[.user("Hi")], [.user("Hi")] + pair])
        #expect(free.map(\.previousResponseID) == [nil, nil])
    }

    @Test func v160_aRequestThatIsMadeAgainIsTheSame() async throws {
        let busy = ModelError.http(status: 503, message: "", retryAfter: nil)
        let script = ScriptedModel(
            .error(busy), .answer("r1", .call("add", "{}", id: "call_1")), .error(busy), .answer("r2", .assistant("Done")))
        let model = RetryingModel(KeepingModel(script), retry: RetrySettings(backoff: .init(initialDelay: .zero)))
        _ = try await Runner(testing: model).run(agent, input: "Hi", context: (), config: Self.automatic)
        let output = [Item.output("done", of: "call_1")]
        #expect(script.requests.map(\.input) == [[.user("Hi")], [.user("Hi")], output, output])
        #expect(script.requests.map(\.previousResponseID) == [nil, nil, "r1", "r1"])
    }

    @Test func v161_equalItemsAtTwoPlacesAreTwoItems() async throws {
        let placeholder = Item.message(Item.Message(role: .assistant, content: [.text("Ok")], id: "__fake_id__"))
        let again = AnyTool<Void>.stub("add") { _, _ in "same" }
        let steps: [ScriptedModel.Step] = [
            .answer("__fake_id__", .call("add", "1", id: "a")), .answer("r2", .call("add", "2", id: "a")), .answer("r3", .assistant("Done")),
        ]
        let input: [Item] = [.user("Hi"), placeholder, .user("Hi"), .assistant("Ok"), .user("Hi")]
        let requests = try await play(steps, Self.automatic, agent: .stub(tools: [again]), input: input)
        #expect(requests.map(\.input) == [input, [.output("same", of: "a")], [.output("same", of: "a")]])
        #expect(requests.map(\.previousResponseID) == [nil, nil, "r2"])
    }

    @Test func v162_whatAFilterHidesIsSentLater() async throws {
        var config = Self.conversation
        config.modelInputFilter = { input, _, run in
            var input = input
            if run.turn == 0 { input.items = [.user("B, but nicer")] }
            if run.turn == 1 { input.items.removeAll { $0 == .user("C") } }
            return input
        }
        let steps: [ScriptedModel.Step] = [
            .answer("r1", .call("add", "{}", id: "a")), .answer("r2", .call("add", "[]", id: "b")), .answer("r3", .assistant("Done")),
        ]
        let requests = try await play(steps, config, input: [.user("A"), .user("B"), .user("C")])
        #expect(
            requests.map(\.input) == [
                [.user("B, but nicer")], [.user("B"), .output("done", of: "a")], [.user("C"), .output("done", of: "b")],
            ])
    }

    @Test func v163_outputsOfATurnThatWaitedAreSentOnce() async throws {
        var asking = AnyTool<Void>.stub("add")
        asking.needsApproval = .always
        let agent = Agent<Void>.stub(tools: [asking, .stub("look")])
        let first = ScriptedModel(
            .answer("r1", .call("add", "{}", id: "a"), .call("look", "{}", id: "b")), .answer("r2", .call("add", "[]", id: "c")))
        let log = InMemoryRunLog()
        let runner = Runner(testing: KeepingModel(first))
        let result = try await runner.run(agent, input: "Hi", context: (), config: Self.automatic, log: log)
        #expect(result.interruptions.map(\.callID) == ["a"])
        let stored = try JSONValue(encoding: log.records).decode(as: [RunRecord].self)
        let second = ScriptedModel(.answer("r2", .call("look", "[]", id: "c")), .answer("r3", .assistant("Done")))
        _ = try await Runner(testing: KeepingModel(second)).run(
            agent, input: [], context: (), config: Self.automatic, log: InMemoryRunLog(prefix: stored),
            decisions: result.interruptions.map { $0.approve() })
        #expect(second.requests.map(\.input) == [[.output("done", of: "b"), .output("done", of: "a")], [.output("done", of: "c")]])
        #expect(second.requests.map(\.previousResponseID) == ["r1", "r2"])
    }

    /// Whatever was stored, the rest of the run asks what the whole run asked.
    @Test(arguments: [chained, automatic, conversation]) func v163_everyPrefixSendsWhatIsUnsentOnce(config: RunConfig<Void>) async throws {
        let steps: [ScriptedModel.Step] = [
            .answer("r1", .assistant("Let me see"), .call("add", "{}", id: "a"), .call("add", "[]", id: "b")),
            .answer("r2", .call("transfer_to_other", "{}", id: "c")), .answer("r3", .call("add", "{}", id: "d")),
            .answer("r4", .assistant("Done")),
        ]
        let other = Agent<Void>.stub("Other", tools: [.stub("add")])
        let agent = Agent<Void>.stub(tools: [.stub("add")], handoffs: [Handoff(to: other)])
        let full = InMemoryRunLog()
        let whole = ScriptedModel(steps)
        let result = try await Runner(testing: KeepingModel(whole)).run(agent, input: "Hi", context: (), config: config, log: full)
        #expect(whole.requests.count == 4)
        for count in 0...full.records.count {
            let prefix = Array(full.records.prefix(count))
            let responses = prefix.filter { if case .response = $0.event { true } else { false } }.count
            let rest = ScriptedModel(Array(steps.dropFirst(responses)))
            let log = InMemoryRunLog(prefix: prefix)
            let again = try await Runner(testing: KeepingModel(rest)).run(agent, input: "Hi", context: (), config: config, log: log)
            #expect(rest.requests == Array(whole.requests.dropFirst(responses)), "after \(count) of \(full.records.count) records")
            #expect(again == result)
            #expect(log.records.map(\.event).outcomes == full.records.map(\.event).outcomes)
        }
    }

    @Test(arguments: [chained, automatic, conversation]) func m155_aSessionBesideItIsRefused(config: RunConfig<Void>) async throws {
        let session = TextSession()
        let model = ScriptedModel(.text("Done"))
        for isStreamed in [true, false] {
            for prefix in [[], [RunRecord(id: 1, event: .start(RunStart(agent: "Assistant", input: [.user("Hi")])))]] {
                await #expect(throws: RunError.self) {
                    try await Runner(model: KeepingModel(model), isStreamed: isStreamed).run(
                        agent, input: "Hi", context: (), config: config, session: session, log: InMemoryRunLog(prefix: prefix))
                }
            }
        }
        #expect(model.requests.isEmpty)
        #expect(session.appends.isEmpty)
    }

    @Test func aConversationAndAResponseTogetherAreRefused() async throws {
        var config = Self.conversation
        config.autoPreviousResponseID = true
        let both = config
        await #expect(throws: RunError.self) { try await play([.text("Done")], both) }
    }

    @Test func g138_outputGuardrailsAreRefusedBeforeAnythingHappens() async throws {
        var guarded = agent
        let checks = Trace()
        guarded.inputGuardrails = [
            InputGuardrail("input", runsInParallel: false) { _, _ in
                checks.note("input"); return nil
            }
        ]
        guarded.outputGuardrails = [OutputGuardrail("output") { _, _ in nil }]
        let model = ScriptedModel(.text("Done"))
        let log = InMemoryRunLog()
        for isStreamed in [true, false] {
            await #expect(throws: RunError.self) {
                try await Runner(model: KeepingModel(model), isStreamed: isStreamed).run(
                    guarded, input: "Hi", context: (), config: Self.conversation, log: log)
            }
        }
        #expect(model.requests.isEmpty && checks.notes.isEmpty && log.records.isEmpty)
    }

    @Test func g138_thoseOfALaterAgentAreRefusedBeforeItIsAsked() async throws {
        var other = Agent<Void>.stub("Other")
        other.outputGuardrails = [OutputGuardrail("output") { _, _ in nil }]
        let agent = Agent<Void>.stub(handoffs: [Handoff(to: other)])
        let model = ScriptedModel(.call("transfer_to_other"), .text("Done"))
        await #expect(throws: RunError.self) {
            try await Runner(testing: KeepingModel(model)).run(agent, input: "Hi", context: (), config: Self.conversation)
        }
        #expect(model.requests.count == 1)
    }

    @Test func g138_aModelThatKnowsOfNoConversationsIsAskedWithEverything() async throws {
        var guarded = agent
        guarded.outputGuardrails = [OutputGuardrail("output") { _, _ in nil }]
        for config in [Self.conversation, Self.automatic] {
            let (runner, model) = Runner.scripted(.answer("r1", .call("add", "{}", id: "call_1")), .answer("r2", .assistant("Done")))
            let result = try await runner.run(guarded, input: "Hi", context: (), config: config)
            #expect(result.output == "Done")
            #expect(model.requests.map(\.input) == [[.user("Hi")], [.user("Hi")] + pair])
        }
    }

    @Test func h118_filtersAreRefusedAndHistoryIsNotNested() async throws {
        let other = Agent<Void>.stub("Other")
        var handoff = Handoff<Void>(to: other)
        let nesting = Self.config {
            $0.conversationID = "conv_1"
            $0.nestsHandoffHistory = true
        }
        let steps: [ScriptedModel.Step] = [.answer("r1", .call("transfer_to_other", "{}", id: "c")), .answer("r2", .assistant("Done"))]
        let requests = try await play(steps, nesting, agent: .stub(handoffs: [handoff]))
        #expect(requests.map(\.input) == [[.user("Hi")], [.output(#"{"assistant": "Other"}"#, of: "c")]])

        var filtering = Self.conversation
        filtering.handoffInputFilter = { input, _ in input }
        let (plain, byRun) = (Agent<Void>.stub(handoffs: [handoff]), filtering)
        await #expect(throws: RunError.self) { try await play(steps, byRun, agent: plain) }
        handoff.inputFilter = { input, _ in input }
        let filtered = Agent<Void>.stub(handoffs: [handoff])
        await #expect(throws: RunError.self) { try await play(steps, Self.conversation, agent: filtered) }
    }

    @Test func h118_whatHasNoEffectIsSaidOnce() async throws {
        let log = LogLines()
        let nesting = Self.config {
            $0.conversationID = "conv_1"
            $0.nestsHandoffHistory = true
        }
        let steps: [ScriptedModel.Step] = [.call("add"), .text("Done")]
        let keeping = Runner(testing: KeepingModel(ScriptedModel(steps)), logger: log.logger)
        _ = try await keeping.run(agent, input: "Hi", context: (), config: nesting)
        #expect(log.lines == ["handoff history is not nested in a conversation that the provider keeps"])
        let plain = Runner(testing: ScriptedModel(steps), logger: log.logger)
        _ = try await plain.run(agent, input: "Hi", context: (), config: Self.conversation)
        #expect(log.lines.dropFirst() == ["the provider's conversation is ignored: the model does not know of any"])
    }

    @Test func theIDsGoOverTheWire() throws {
        func body(_ request: ModelRequest) throws -> JSONValue {
            try request.responsesBody(model: "m", at: ModelEndpoint(baseURL: "http://models.test/v1"))
        }
        var request = ModelRequest(input: [.user("Hi")])
        request.previousResponseID = "r1"
        #expect(try body(request)["previous_response_id"] == "r1")
        #expect(try body(request)["conversation"] == nil)
        request.previousResponseID = nil
        request.conversationID = "conv_1"
        #expect(try body(request)["conversation"] == "conv_1")
        #expect(try body(request)["previous_response_id"] == nil)
    }

    @Test func anAgentAsAToolHasAConversationOfItsOwn() async throws {
        let inner = ScriptedModel(.answer("i1", .assistant("inner")))
        var nested = Agent<Void>.stub("Nested")
        nested.model = KeepingModel(inner)
        let outer = Agent<Void>.stub(tools: [nested.asTool(name: "ask", description: "")])
        let script = ScriptedModel(.answer("r1", .call("ask", #"{"input":"x"}"#, id: "c")), .answer("r2", .assistant("Done")))
        _ = try await Runner(testing: KeepingModel(script)).run(outer, input: "Hi", context: (), config: Self.conversation)
        #expect(inner.requests.map(\.conversationID) == [nil])
        #expect(inner.requests.map(\.input) == [[.user("x")]])
    }
}

/// A model whose provider keeps conversations.
struct KeepingModel: Model {
    let model: any Model

    init(_ model: any Model) {
        self.model = model
    }

    var name: String { model.name }
    var keepsConversations: Bool { true }

    func respond(to request: ModelRequest) -> ModelEvents {
        model.respond(to: request)
    }
}

extension ScriptedModel.Step {
    /// A response with the provider's id.
    static func answer(_ id: String?, _ items: Item...) -> Self {
        .response(ModelResponse(items: items, usage: Usage(requests: 1), id: id))
    }
}

extension [RunEvent] {
    /// What was decided, without how often it was begun.
    var outcomes: [RunEvent] {
        filter { if case .restart = $0 { false } else { $0.isDecided } }
    }
}
