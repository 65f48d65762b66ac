import AgentRuntime
import AgentTesting
import Testing

/// A cancelled run has no end in its log, so that it can go on later.
@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test func whileTheModelAnswers() async throws {
        let (asked, never) = (Gate(), Gate())
        let model = ScriptedModel(
            .respond { _ in
                asked.open(); try await never.wait(); return .said("Done")
            })
        let log = InMemoryRunLog()
        let session = InMemorySession()
        let task = Task { try await Runner(model: model).run(Agent<Void>.stub(), input: "Hi", context: (), session: session, log: log) }
        try await asked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(log.records.map(\.event).sketches == ["start"])
        #expect(await session.items() == [.user("Hi")])
    }

    @Test func whileToolsRunWhatIsCompletedIsRecorded() async throws {
        let (started, never) = (Gate(), Gate())
        let trace = Trace()
        let (runner, _) = Runner.scripted(.calls(("quick", "{}"), ("slow", "{}"), ("write", "{}")), .text("Done"))
        let agent = Agent<Void>.stub(tools: [
            trace.tool("quick"),
            trace.tool("slow") {
                started.open(); try await never.wait()
            }, trace.tool("write", .writes),
        ])
        let log = InMemoryRunLog()
        let task = Task { try await runner.run(agent, input: "Hi", context: (), log: log) }
        try await started.wait()
        while !trace.notes.contains("quick ended") { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(
            log.records.map(\.event).sketches.dropFirst(2) == [
                "tool_call call_1 quick", "tool_call call_2 slow", "tool_call call_3 write", "tool_result call_1 ok",
            ])

        let (resumed, _) = Runner.scripted(.text("Done"))
        let later = Trace()
        let again = Agent<Void>.stub(tools: [later.tool("quick"), later.tool("slow"), later.tool("write", .writes)])
        let result = try await resumed.run(again, input: "Hi", context: (), log: InMemoryRunLog(prefix: log.records))
        #expect(result.output == "Done")
        #expect(later.notes == ["slow", "slow ended", "write", "write ended"])
    }

    @Test func whileAGuardrailLooks() async throws {
        let (asked, never) = (Gate(), Gate())
        var agent = Agent<Void>.stub()
        agent.inputGuardrails = [
            InputGuardrail("slow", runsInParallel: false) { _, _ in
                asked.open(); try await never.wait(); return nil
            }
        ]
        let (runner, model) = Runner.scripted(.text("Done"))
        let log = InMemoryRunLog()
        let task = Task { [agent] in try await runner.run(agent, input: "Hi", context: (), log: log) }
        try await asked.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(model.requests.isEmpty)
        #expect(log.records.map(\.event).sketches == ["start"])
    }

    @Test func beforeItBegins() async throws {
        let (runner, model) = Runner.scripted(.text("Done"))
        let gate = Gate()
        let log = InMemoryRunLog()
        let task = Task {
            try? await gate.wait()
            return try await runner.run(Agent<Void>.stub(), input: "Hi", context: (), log: log)
        }
        task.cancel()
        _ = await task.result
        #expect(!log.records.contains { if case .error = $0.event { true } else { false } })
        _ = model
    }
}
