import AgentRuntime
import AgentTesting
import InMemoryTracing
import Testing
import Tracing

/// Every span is in a back end of swift-distributed-tracing too.
@Suite(.timeLimit(.minutes(5))) struct SpanMirrorTests {
    private let tracer = InMemoryTracer()

    private func run(_ steps: ScriptedModel.Step..., tool: AnyTool<Void> = .stub("add"), isShown: Bool = false) async throws {
        var config = RunConfig<Void>()
        config.groupID = "group_1"
        config.traceIncludesSensitiveData = isShown
        let runner = Runner(model: ScriptedModel(steps), traceProvider: TraceProvider(tracer: tracer))
        _ = try await runner.run(.stub(tools: [tool]), input: "question", context: (), config: config)
    }

    private func finished(_ name: String) throws -> FinishedInMemorySpan {
        try #require(tracer.finishedSpans.first { $0.operationName == name })
    }

    @Test func aRunsSpansAreUnderEachOther() async throws {
        try await run(.call("add"), .text("Done"))
        #expect(
            tracer.finishedSpans.map(\.operationName) == [
                "chat scripted", "execute_tool add", "turn 1", "chat scripted", "turn 2", "invoke_agent Assistant", "invoke_workflow Agent workflow",
            ])
        #expect(tracer.activeSpans.isEmpty)
        let task = try finished("invoke_workflow Agent workflow")
        let agent = try finished("invoke_agent Assistant")
        let turn = try finished("turn 1")
        #expect(task.parentSpanID == nil)
        #expect(agent.parentSpanID == task.spanID)
        #expect(turn.parentSpanID == agent.spanID)
        #expect(try finished("execute_tool add").parentSpanID == turn.spanID)
        #expect(try finished("chat scripted").parentSpanID == turn.spanID)
        #expect(Set(tracer.finishedSpans.map(\.traceID)).count == 1)
    }

    @Test func spansHaveTheirKindsTimesAndAttributes() async throws {
        let usage = Usage(requests: 1, inputTokens: 3, outputTokens: 2)
        try await run(.response(ModelResponse(items: [.assistant("Hi")], usage: usage)))
        let chat = try finished("chat scripted")
        #expect(chat.kind == .client)
        #expect(try finished("turn 1").kind == .internal)
        #expect(chat.startInstant.nanosecondsSinceEpoch > 1_700_000_000_000_000_000)
        #expect(chat.endInstant.nanosecondsSinceEpoch >= chat.startInstant.nanosecondsSinceEpoch)
        #expect(chat.attributes.get("gen_ai.operation.name") == .string("chat"))
        #expect(chat.attributes.get("gen_ai.usage.input_tokens") == .int64(3))
        #expect(chat.attributes.get("gen_ai.conversation.id") == .string("group_1"))
        #expect(chat.attributes.get("gen_ai.input.messages") == nil)
        #expect(chat.status == nil)
        let task = try finished("invoke_workflow Agent workflow")
        #expect(task.attributes.get("gen_ai.usage.output_tokens") == .int64(2))
    }

    @Test func contentsAreThereWhenTheyAreAskedFor() async throws {
        try await run(.text("answer"), isShown: true)
        let chat = try finished("chat scripted")
        guard case .string(let input) = chat.attributes.get("gen_ai.input.messages") else { Issue.record("There is no input."); return }
        #expect(try JSONValue(json: input) == [["role": "user", "parts": [["type": "text", "content": "question"]]]])
    }

    @Test func anErrorIsTheStatus() async throws {
        try? await run(.error(ModelError.http(status: 500, message: "the secret", retryAfter: nil)))
        let chat = try finished("chat scripted")
        #expect(chat.status?.code == .error)
        #expect(chat.status?.message == "Error getting response")
        #expect(chat.attributes.get("error.type") == .string("Error getting response"))
        #expect(tracer.activeSpans.isEmpty)
    }

    @Test func whatAToolDoesIsWithinItsSpan() async throws {
        let tracer = tracer
        let tool = AnyTool<Void>.stub("add") { _, _ in
            tracer.withSpan("query") { _ in }
            await withCustomSpan("own") { span in
                span.set("rows", to: [1, "2"])
                span.set("ratio", to: 0.5)
                span.set("isCached", to: true)
                span.set("none", to: nil)
                span.set("map", to: ["k": "v"])
            }
            return "done"
        }
        try await run(.call("add"), .text("Done"), tool: tool)
        let call = try finished("execute_tool add")
        #expect(try finished("query").parentSpanID == call.spanID)
        let own = try finished("own")
        #expect(own.parentSpanID == call.spanID)
        #expect(own.attributes.get("rows") == .stringArray(["1", "2"]))
        #expect(own.attributes.get("ratio") == .double(0.5))
        #expect(own.attributes.get("isCached") == .bool(true))
        #expect(own.attributes.get("map") == .string(#"{"k":"v"}"#))
        #expect(own.attributes.get("none") == nil)
    }

    @Test func aRunIsWithinTheSpanThatIsAroundIt() async throws {
        try await tracer.withSpan("request") { _ in try await run(.text("Hi")) }
        let request = try finished("request")
        #expect(try finished("invoke_workflow Agent workflow").parentSpanID == request.spanID)
    }

    @Test func aDisabledRunLeavesNothing() async throws {
        var config = RunConfig<Void>()
        config.isTracingDisabled = true
        let runner = Runner(model: ScriptedModel(.text("Hi")), traceProvider: TraceProvider(tracer: tracer))
        _ = try await runner.run(Agent<Void>.stub(), input: "a", context: (), config: config)
        #expect(tracer.finishedSpans.isEmpty && tracer.activeSpans.isEmpty)
    }
}
