import AgentTesting
import Testing

@testable import AgentRuntime

/// One response always gives the same effects, in the same order.
@Suite(.timeLimit(.minutes(5)), .eitherMode) struct EffectOrderTests {
    /// `r1 r2 w1 x1` and so on: a call each, of the effect that the letter stands for.
    private func calls(_ names: String) -> [Item.FunctionCall] {
        names.split(separator: " ").map { Item.FunctionCall(callID: "id_\($0)", name: String($0), arguments: "{}") }
    }

    private func effect(_ name: some StringProtocol) -> ToolEffect {
        name.hasPrefix("r") ? .reads : name.hasPrefix("w") ? .writes : .external
    }

    private func agent(_ names: String, tool: (String, ToolEffect) -> AnyTool<Void>) -> Agent<Void> {
        .stub(tools: names.split(separator: " ").map { tool(String($0), effect($0)) })
    }

    @Test(arguments: [
        ("r1 r2 r3", ["r1 r2 r3"]), ("w1 w2", ["w1", "w2"]), ("r1 r2 w1 r3", ["r1 r2", "w1", "r3"]), ("x1 x2 x3 x4", ["x1 x2", "x3 x4"]),
        ("x1 r1 x2", ["x1", "r1", "x2"]), ("w1 x1 x2 x3 w2", ["w1", "x1 x2", "x3", "w2"]), ("u1 r1", ["u1 r1"]),
    ])
    func callsAreBatchedByTheirEffects(names: String, batches: [String]) throws {
        let known = names.split(separator: " ").filter { !$0.hasPrefix("u") }.joined(separator: " ")
        var state = RunState(agent: agent(known) { .stub($0, effect: $1) }, config: RunConfig(), history: [])
        let calls = calls(names)
        try state.apply(.start(RunStart(agent: "Assistant", input: [])))
        try state.apply(.response(turn: 1, ModelResponse(items: calls.map(Item.functionCall))))
        for (index, call) in calls.enumerated() {
            try state.apply(.toolCall(ToolCall(turn: 1, index: index, callID: call.callID, name: call.name, arguments: "{}")))
        }
        var decided: [String] = []
        while case .call(let batch) = state.nextStep(within: RunLimits(parallelCalls: 2)) {
            decided.append(batch.map(\.name).joined(separator: " "))
            for call in batch { try state.apply(.toolResult(ToolResult(of: call, status: .ok, output: ""))) }
        }
        #expect(decided == batches)
    }

    @Test(arguments: ["r1 r2 r3", "x1 x2 x3"])
    func t56_aBatchIsUnderWayTogetherAndItsResultsAreInCallOrder(names: String) async throws {
        let (runner, _) = Runner.scripted(.calls(calls(names)), .text("Done"))
        let trace = Trace()
        let arrived = (Gate(), Gate())
        let names = names.split(separator: " ").map(String.init)
        // The first waits for the second, the second for the third: none would end if they were not together.
        let agent = Agent<Void>.stub(tools: [
            trace.tool(names[0], effect(names[0])) { try await arrived.0.wait() },
            trace.tool(names[1], effect(names[1])) {
                try await arrived.1.wait(); arrived.0.open()
            },
            trace.tool(names[2], effect(names[2])) { arrived.1.open() },
        ])
        let log = InMemoryRunLog()
        let result = try await runner.run(agent, input: "Hi", context: (), log: log)
        #expect(trace.notes.last == "\(names[0]) ended")
        #expect(result.newItems.dropFirst(3).prefix(3) == names.map { .output("\($0) says {}", of: "id_\($0)") }[...])
        #expect(log.records.map(\.event).sketches.suffix(5).prefix(3) == names.map { "tool_result id_\($0) ok" }[...])
    }

    @Test func aWriteWaitsForWhatIsBeforeItAndIsWaitedFor() async throws {
        let (runner, _) = Runner.scripted(.calls(calls("r1 r2 w1 w2 r3 x1")), .text("Done"))
        let trace = Trace()
        let second = Gate()
        let linger: @Sendable () async -> Void = { for _ in 0..<50 { await Task.yield() } }
        let agent = Agent<Void>.stub(tools: [
            trace.tool("r1") {
                try await second.wait(); await linger()
            }, trace.tool("r2") { second.open() },
            trace.tool("w1", .writes, work: linger), trace.tool("w2", .writes, work: linger), trace.tool("r3", work: linger),
            trace.tool("x1", .external),
        ])
        _ = try await runner.run(agent, input: "Hi", context: ())
        #expect(Set(trace.notes.prefix(4)) == ["r1", "r2", "r1 ended", "r2 ended"])
        #expect(trace.notes.dropFirst(4) == ["w1", "w1 ended", "w2", "w2 ended", "r3", "r3 ended", "x1", "x1 ended"])
    }

    @Test func t57_noMoreExternalCallsThanTheCapAreUnderWay() async throws {
        var (runner, _) = Runner.scripted(.calls(calls("x1 x2 x3 x4 x5")), .text("Done"))
        runner.limits.parallelCalls = 2
        let trace = Trace()
        let linger: @Sendable () async -> Void = { for _ in 0..<50 { await Task.yield() } }
        let agent = agent("x1 x2 x3 x4 x5") { trace.tool($0, $1, work: linger) }
        _ = try await runner.run(agent, input: "Hi", context: ())
        var underWay = 0
        for note in trace.notes {
            underWay += note.hasSuffix("ended") ? -1 : 1
            #expect((0...2).contains(underWay))
        }
    }
}
