import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, errors and error handlers.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct ErrorHandlerTests {
    private let schema: JSONValue = ["type": "object", "properties": ["n": ["type": "integer"]]]

    private func config(_ handlers: ErrorHandlers<Void>) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        config.errorHandlers = handlers
        return config
    }

    private func limited(_ steps: ScriptedModel.Step..., turns: Int = 1) -> Runner {
        Runner(testing: ScriptedModel(steps), limits: RunLimits(turns: turns))
    }

    @Test func l11_l14_theHandlersOutputIsTheRuns() async throws {
        let trace = Trace()
        var agent = Agent<Void>.stub(tools: [.stub("add")])
        agent.outputGuardrails = [
            OutputGuardrail("last") { output, _ in
                trace.note(output); return nil
            }
        ]
        let session = InMemorySession()
        let log = InMemoryRunLog()
        let handlers = ErrorHandlers<Void>(maxTurns: { unfinished in
            #expect(unfinished.error == .maxTurnsExceeded(1))
            return HandledOutput("After \(unfinished.items.count) items and \(unfinished.context.usage.requests) request")
        })
        let result = try await limited(.call("add"))
            .run(agent, input: "Hi", context: (), config: config(handlers), session: session, log: log)
        #expect(result.output == "After 3 items and 1 request")
        #expect(result.newItems.last == .assistant(result.output))
        #expect(await session.items() == [.user("Hi")] + result.newItems)
        #expect(trace.notes == [result.output])
        // Every prefix ends the same, and the handler is not asked again for what it gave.
        for count in log.records.indices.dropFirst(4) {
            let copy = InMemoryRunLog(prefix: Array(log.records.prefix(count)))
            #expect(try await limited().run(agent, input: "Hi", context: (), config: config(handlers), log: copy) == result)
        }
    }

    @Test func l14_anOutputThatCannotBeSavedIsNotTheRuns() async {
        struct Full: Error {}
        struct FullSession: Session {
            let kept = InMemorySession()

            func items() async throws -> [Item] { await kept.items() }
            func pop() async throws -> Item? { await kept.pop() }
            func clear() async throws { await kept.clear() }
            func append(_ items: [Item]) async throws {
                guard !items.contains(.assistant("Enough")) else { throw Full() }
                await kept.append(items)
            }
        }
        let handlers = ErrorHandlers<Void>(maxTurns: { _ in HandledOutput("Enough") })
        let run = await inBothModes(throwing: RunError.failed("Full()")) { mode in
            try await mode.run(
                .stub(tools: [.stub("add")]), model: [.call("add")], config: config(handlers), limits: RunLimits(turns: 1), session: FullSession())
        }
        #expect(run.sketches.suffix(2) == ["recovery", "error internal"])
    }

    @Test func l12_theOutputMayStayOutOfTheHistory() async throws {
        let handlers = ErrorHandlers<Void>(maxTurns: { _ in HandledOutput("Enough", isInHistory: false) })
        let result = try await limited(.call("add")).run(.stub(tools: [.stub("add")]), input: "Hi", context: (), config: config(handlers))
        #expect(result.output == "Enough")
        #expect(result.value.map(\.text) == String?.none)
        #expect(result.newItems.count == 2)
    }

    @Test func l13_l15_theOutputIsHeldAgainstTheType() async throws {
        var agent = Agent<Void>.stub(tools: [.stub("add")])
        for (type, value, text) in [
            (try OutputType.json(schema), ["n": 1], #"{"n":1}"#), (try OutputType.json(schema), ["n": "1"], nil),
            (try OutputType.json(schema), "text", nil),
            (try OutputType.json(["type": "array", "items": ["type": "integer"]]), [1, 2], #"{"response":[1,2]}"#),
        ] as [(OutputType, JSONValue, String?)] {
            agent.outputType = type
            let work = limited(.call("add"))
            let handlers = ErrorHandlers<Void>(maxTurns: { _ in HandledOutput(value) })
            do {
                let result = try await work.run(agent, input: "Hi", context: (), config: config(handlers))
                #expect(result.value == value)
                #expect(result.output == text)
                #expect(result.newItems.last == text.map(Item.assistant))
            } catch {
                guard case RunError.user = error else { throw error }
                #expect(text == nil)
            }
        }
    }

    @Test func l17_aRefusalCanBecomeAValue() async throws {
        let refusal = Item.message(Item.Message(role: .assistant, content: [.refusal("No")]))
        var agent = Agent<Void>.stub()
        agent.outputType = try .json(schema)
        let handlers = ErrorHandlers<Void>(modelRefusal: { _ in HandledOutput(["n": 0]) })
        let result = try await limited(.response(ModelResponse(items: [refusal]))).run(agent, input: "Hi", context: (), config: config(handlers))
        #expect(result.value == ["n": 0])
    }

    @Test func l18_aHandlerSuppliesAFallbackOrDeclines() async throws {
        var agent = Agent<Void>.stub()
        agent.outputType = try .json(schema)
        for fallback in [HandledOutput(["n": 0]), nil] {
            let handlers = ErrorHandlers<Void>(invalidFinalOutput: { _ in fallback })
            do {
                let result = try await limited(.text("no JSON")).run(agent, input: "Hi", context: (), config: config(handlers))
                #expect(result.value == fallback?.value)
            } catch {
                #expect(fallback == nil)
                #expect(error as? RunError == .invalidFinalOutput("it is not JSON"))
            }
        }
    }

    @Test func l19_aHandlerTakesOnlyItsOwnErrorsAndRepeatsNoTool() async throws {
        let trace = Trace()
        var agent = Agent<Void>.stub(tools: [trace.tool("add")])
        agent.outputType = try .json(schema)
        let handlers = ErrorHandlers<Void>(invalidFinalOutput: { _ in HandledOutput(["n": 0]) })
        await #expect(throws: RunError.model(.contentFiltered)) {
            try await limited(.error(ModelError.contentFiltered)).run(agent, input: "Hi", context: (), config: config(handlers))
        }
        let result = try await limited(.call("add"), .text("x"), turns: 2).run(agent, input: "Hi", context: (), config: config(handlers))
        #expect(result.value == ["n": 0])
        #expect(trace.notes == ["add", "add ended"])
    }

    @Test func l20_withAHandlerAnEmptyAnswerIsNotAskedForAgain() async throws {
        var agent = Agent<Void>.stub()
        agent.outputType = try .json(schema)
        let handlers = ErrorHandlers<Void>(invalidFinalOutput: { _ in HandledOutput(["n": 0]) })
        let model = ScriptedModel(.text(""))
        _ = try await Runner(testing: model).run(agent, input: "Hi", context: (), config: config(handlers))
        #expect(model.requests.count == 1)
    }
}
