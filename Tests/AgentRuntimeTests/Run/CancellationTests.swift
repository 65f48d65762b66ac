import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, cancelling: the task of a run is cancelled, its log gets no end, and it can go on later.
@Suite(.timeLimit(.minutes(5))) struct CancellationTests {
    @Test func r173_whileTheModelAnswers() async throws {
        let run = try await inBothModes { mode in
            let (asked, never) = (Gate(), Gate())
            let step = ScriptedModel.Step.respond { _ in
                asked.open()
                try await never.wait()
                return .said("Done")
            }
            let task = Task { try await mode.run(.stub(), model: [step], session: mode.session) }
            try await asked.wait()
            task.cancel()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(run.sketches == ["start"])
        #expect(run.shown.sketches == ["start"])
        #expect(run.session == [.user("Hi")])
    }

    @Test func r173_whileToolsRunWhatIsCompletedIsRecorded() async throws {
        let run = try await inBothModes { mode in
            let (started, never) = (Gate(), Gate())
            let slow = mode.trace.tool("slow") {
                started.open()
                try await never.wait()
            }
            let quick = AnyTool<Void>.stub("quick") { _, _ in
                try await started.wait()
                mode.trace.note("quick ended")
                return ""
            }
            let agent = Agent<Void>.stub(tools: [quick, slow, mode.trace.tool("write", .writes)])
            let calls = ScriptedModel.Step.calls(("quick", "{}"), ("slow", "{}"), ("write", "{}"))
            let log = InMemoryRunLog()
            let task = Task { try await mode.run(agent, model: [calls], log: log) }
            try await started.wait()
            await mode.trace.until("quick ended")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(
                log.records.map(\.event).sketches.dropFirst(2) == [
                    "tool_call call_1 quick", "tool_call call_2 slow", "tool_call call_3 write", "tool_result call_1 ok",
                ])
            mode.trace.note("later")
            let later = Agent<Void>.stub(tools: [mode.trace.tool("quick"), mode.trace.tool("slow"), mode.trace.tool("write", .writes)])
            let result = try await mode.resume(later, model: [.text("Done")])
            #expect(result.output == "Done")
        }
        #expect(run.notes.drop { $0 != "later" } == ["later", "slow", "slow ended", "write", "write ended"])
    }

    @Test func r173_whileAGuardrailLooks() async throws {
        let run = try await inBothModes { mode in
            let (asked, never) = (Gate(), Gate())
            var agent = Agent<Void>.stub()
            agent.inputGuardrails = [
                InputGuardrail("slow", runsInParallel: false) { _, _ in
                    asked.open()
                    try await never.wait()
                    return nil
                }
            ]
            let task = Task { [agent] in try await mode.run(agent, model: [.text("Done")]) }
            try await asked.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(run.requests.isEmpty)
        #expect(run.sketches == ["start"])
    }

    @Test func r173_beforeItBeginsAndItGoesOnLater() async throws {
        let run = try await inBothModes { mode in
            let gate = Gate()
            let task = Task {
                try? await gate.wait()
                return try await mode.run(.stub(), model: [.text("Done")])
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let result = try await mode.resume(.stub(), model: [.text("Done")])
            #expect(result.output == "Done")
        }
        #expect(!run.log.contains { if case .error = $0 { true } else { false } })
    }

    @Test func r173_aCallIsNotBegunInARunThatWasCancelledBefore() async throws {
        let run = try await inBothModes { mode in
            let asked = Gate()
            let step = ScriptedModel.Step.respond { _ in
                asked.open()
                while !Task.isCancelled { await Task.yield() }
                return .calling(Item.FunctionCall(callID: "a", name: "add", arguments: "{}"))
            }
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("add", .writes)])
            let task = Task { try await mode.run(agent, model: [step]) }
            try await asked.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(mode.trace.notes.isEmpty)
            try await mode.resume(agent, model: [.text("Done")])
        }
        #expect(run.output == "Done")
        #expect(run.notes == ["add", "add ended"])
    }

    @Test func r173_aReaderThatLeavesOffEndsTheRunLikeACancellation() async throws {
        for isStreamed in [true, false] {
            let (runner, _) = Runner.scripted(.call("add"), .text("Done"), isStreamed: isStreamed)
            let log = InMemoryRunLog()
            let agent = Agent<Void>.stub(tools: [.stub("add")])
            await #expect(throws: CancellationError.self) {
                try await runner.run(agent, input: "Hi", context: (), log: log) { _ in throw CancellationError() }
            }
            #expect(!log.records.contains { $0.event.isTerminal })
            #expect(try await runner.run(agent, input: "Hi", context: (), log: log).output == "Done")
        }
    }
}
