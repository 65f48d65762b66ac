import AgentRuntime
import AgentTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct RunLimitsTests {
    private func run(_ steps: [ScriptedModel.Step], limits: RunLimits, agent: Agent<Void>, isStreamed: Bool = true) async throws -> RunResult {
        try await Runner(model: ScriptedModel(steps), limits: limits, isStreamed: isStreamed).run(agent, input: "Hi", context: ())
    }

    @Test func l9_theToolsOfTheLastTurnRunBeforeTheRunEnds() async {
        let run = await inBothModes(throwing: RunError.maxTurnsExceeded(1)) { mode in
            try await mode.run(.stub(tools: [mode.trace.tool("add")]), model: [.call("add"), .text("Done")], limits: RunLimits(turns: 1))
        }
        #expect(run.notes == ["add", "add ended"])
        #expect(run.sketches.last == "error limit_reached")
        #expect(String(describing: RunError.maxTurnsExceeded(1)) == "Max turns (1) exceeded")
    }

    @Test func asManyTurnsAsAllowedAreFine() async throws {
        let result = try await run([.call("add"), .text("Done")], limits: RunLimits(turns: 2), agent: .stub(tools: [.stub("add")]))
        #expect(result.output == "Done")
    }

    @Test func anAgentsOwnLimitBeatsTheRunners() async throws {
        var agent = Agent<Void>.stub(tools: [.stub("add")])
        agent.maxTurns = 1
        await #expect(throws: RunError.maxTurnsExceeded(1)) { try await run([.call("add"), .text("Done")], limits: RunLimits(), agent: agent) }
        agent.maxTurns = 2
        #expect(try await run([.call("add"), .text("Done")], limits: RunLimits(turns: 1), agent: agent).output == "Done")
    }

    @Test func r088_moreCallsThanAllowedEndTheRunBeforeTheyAreMade() async throws {
        let trace = Trace()
        let steps: [ScriptedModel.Step] = [.calls(("add", "1"), ("add", "2")), .calls(("add", "3"), ("add", "4")), .text("Done")]
        await #expect(throws: RunError.limitReached("The assistant made more than 3 tool calls.")) {
            try await run(steps, limits: RunLimits(toolCalls: 3), agent: .stub(tools: [trace.tool("add")]))
        }
        #expect(trace.notes.count == 4)
        let result = try await run(steps, limits: RunLimits(toolCalls: 4), agent: .stub(tools: [trace.tool("add")]))
        #expect(result.output == "Done")
    }

    @Test func r088_theSameCallTooOftenInARowEndsTheRun() async throws {
        let trace = Trace()
        let agent = Agent<Void>.stub(tools: [trace.tool("add"), trace.tool("list")])
        let same = (1...4).map { ScriptedModel.Step.call("add", "{}", id: "c\($0)") }
        await #expect(throws: RunError.limitReached("The assistant made the same tool call more than 3 times in a row.")) {
            try await run(same + [.text("Done")], limits: RunLimits(), agent: agent)
        }
        #expect(trace.notes.count == 6)
        let varied = same.prefix(3) + [.call("list", "{}", id: "c9")] + same.prefix(3)
        #expect(try await run(varied + [.text("Done")], limits: RunLimits(), agent: agent).output == "Done")
    }

    @Test(arguments: [true, false])
    func r088_textBeyondTheLimitEndsTheRun(isStreamed: Bool) async throws {
        let limits = RunLimits(text: 10)
        await #expect(throws: RunError.limitReached("The answer grew over 10 bytes.")) {
            try await run([.text("12345 78901")], limits: limits, agent: .stub(), isStreamed: isStreamed)
        }
        #expect(try await run([.text("12345 7890")], limits: limits, agent: .stub(), isStreamed: isStreamed).output == "12345 7890")
    }

    @Test(arguments: [true, false])
    func r088_theTextOfAllTurnsCounts(isStreamed: Bool) async throws {
        let talk = ModelResponse(items: [.assistant("123456"), .call("add", "{}", id: "c1")])
        let agent = Agent<Void>.stub(tools: [.stub("add")])
        await #expect(throws: RunError.limitReached("The answer grew over 10 bytes.")) {
            try await run([.response(talk), .text("12345")], limits: RunLimits(text: 10), agent: agent, isStreamed: isStreamed)
        }
        #expect(try await run([.response(talk), .text("1234")], limits: RunLimits(text: 10), agent: agent, isStreamed: isStreamed).output == "1234")
    }

    @Test func l10_aLimitMayBeLeftOut() async throws {
        let steps = (1...40).map { ScriptedModel.Step.call("add", "{}", id: "c\($0)") } + [.text("Done")]
        let limits = RunLimits(turns: nil, toolCalls: nil, identicalCalls: nil, text: nil)
        let run = try await inBothModes { try await $0.run(.stub(tools: [.stub("add")]), model: steps, limits: limits) }
        #expect(run.output == "Done")
        #expect(run.requests.count == 41)
    }
}
