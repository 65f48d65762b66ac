import AgentRuntime
import AgentTesting
import Testing

/// The harness itself: what it gives, and that it notices a difference.
@Suite(.timeLimit(.minutes(5))) struct InBothModesTests {
    @Test func theOutcomeHoldsWhatTheRunLeft() async throws {
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("add", .writes)])
            try await mode.run(agent, "Add milk", model: [.call("add"), .text("Done")], session: mode.session)
        }
        #expect(run.output == "Done")
        #expect(run.notes == ["add", "add ended"])
        #expect(run.sketches == ["start", "response", "tool_call call_1 add", "tool_result call_1 ok", "response", "done Done"])
        #expect(run.pieces == ["Do", "ne"])
        #expect(run.requests.map(\.input.count) == [1, 3])
        #expect(run.session == [.user("Add milk")] + run.newItems)
        #expect(run.remainingSteps == 0)
    }

    @Test func anExpectedErrorIsComparedAndWhatCameBeforeItIsThere() async {
        let run = await inBothModes(throwing: RunError.maxTurnsExceeded(1)) { mode in
            try await mode.run(.stub(tools: [.stub("add")]), model: [.call("add")], limits: RunLimits(turns: 1))
        }
        #expect(run.error == .maxTurnsExceeded(1))
        #expect(run.result == nil)
        #expect(run.requests.count == 1)
    }

    @Test func aDifferenceBetweenTheModesIsReported() async {
        await withKnownIssue {
            _ = try await inBothModes { mode in
                try await mode.run(Agent<Void>.stub(), mode.isStreamed ? "Hi" : "Hello", model: [.text("Yes")])
            }
        }
        await withKnownIssue {
            _ = try await inBothModes { mode in mode.trace.note("\(mode.isStreamed)") }
        }
        await withKnownIssue {
            await inBothModes(throwing: RunError.modelRefusal("No")) { mode in
                try await mode.run(Agent<Void>.stub(), model: [.text("Yes")])
            }
        }
    }

    @Test func aRunGoesOnFromItsLog() async throws {
        let run = try await inBothModes { mode in
            var tool = AnyTool<Void>.stub("add")
            tool.needsApproval = .always
            let agent = Agent<Void>.stub(tools: [tool])
            let asked = try await mode.run(agent, model: [.call("add")])
            try await mode.resume(agent, model: [.text("Done")], decisions: asked.interruptions.map { $0.approve() })
        }
        #expect(run.endings.count == 2)
        #expect(run.output == "Done")
    }
}
