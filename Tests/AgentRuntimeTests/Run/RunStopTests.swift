import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, runs that stop once their turn is whole.
@Suite(.timeLimit(.minutes(5))) struct RunStopTests {
    private static func usage(_ tokens: Int) -> Usage { Usage(requests: 1, inputTokens: tokens) }

    private static func calling(_ name: String, id: String) -> ScriptedModel.Step {
        .response(.calling(Item.FunctionCall(callID: id, name: name, arguments: "{}"), usage: usage(5)))
    }

    private func config(_ stop: RunStop) -> RunConfig<Void> {
        var config = RunConfig<Void>()
        config.stop = stop
        return config
    }

    /// A tool that asks the run to stop while it is at work.
    private func stopping(_ stop: RunStop, _ trace: Trace) -> AnyTool<Void> {
        trace.tool("add") { stop.afterTurn() }
    }

    @Test func r174_theTurnIsCompletedAndSavedAndTheNextOneNotBegun() async throws {
        let run = try await inBothModes { mode in
            let stop = RunStop()
            #expect(!stop.isRequested)
            let late = AnyTool<Void>.stub("other") { _, _ in
                await mode.trace.until("add ended")
                mode.trace.note("other")
                return ""
            }
            let agent = Agent<Void>.stub(tools: [stopping(stop, mode.trace), late])
            let calls = Item.FunctionCall(callID: "a", name: "add", arguments: "{}")
            let other = Item.FunctionCall(callID: "b", name: "other", arguments: "{}")
            let step = ScriptedModel.Step.response(.calling(calls, other, usage: Self.usage(5)))
            let result = try await mode.run(agent, model: [step, .text("Done")], config: config(stop), session: mode.session)
            #expect(stop.isRequested)
            #expect(!result.isComplete)
        }
        #expect(run.notes == ["add", "add ended", "other"])
        #expect(run.newItems.count == 4)
        #expect(run.session == [.user("Hi")] + run.newItems)
        #expect(run.usage == Usage() + Self.usage(5))
        #expect(run.requests.count == 1)
        #expect(run.remainingSteps == 1)
        #expect(run.output == "")
        #expect(run.interruptions.isEmpty)
        #expect(run.sketches.last == "tool_result b ok")
        #expect(!run.log.contains { $0.isTerminal })
    }

    @Test func r174_aHandoffBelongsToTheTurnAndTheRunGoesOnFromItsLog() async throws {
        let run = try await inBothModes { mode in
            let stop = RunStop()
            var handoff = Handoff(to: Agent<Void>.stub("Other"))
            handoff.onHandoff = { _, _ in stop.afterTurn() }
            let agent = Agent<Void>.stub(handoffs: [handoff])
            let stopped = try await mode.run(
                agent, model: [Self.calling("transfer_to_other", id: "a"), .text("Done")], config: config(stop), session: mode.session)
            #expect(stopped.lastAgent == "Other")
            #expect(stopped.newItems.last == .output("{\"assistant\": \"Other\"}", of: "a"))
            #expect(stopped.report.isComplete == false)
            try await mode.resume(agent, model: [.text("Done")], session: mode.session)
        }
        #expect(run.output == "Done")
        #expect(run.lastAgent == "Other")
        #expect(run.session == [.user("Hi")] + run.newItems)
        #expect(run.requests.last?.input.count == 3)
    }

    @Test func r174_aRunThatWasAskedToStopBeforeItBeganAsksNoModel() async throws {
        let run = try await inBothModes { mode in
            let stop = RunStop()
            stop.afterTurn()
            try await mode.run(.stub(), model: [.text("Done")], config: config(stop), session: mode.session)
        }
        #expect(run.requests.isEmpty)
        #expect(run.sketches == ["start"])
        #expect(run.session == [.user("Hi")])
    }

    @Test func r174_anAnswerThatIsWholeIsTheEndAllTheSame() async throws {
        let run = try await inBothModes { mode in
            let stop = RunStop()
            let step = ScriptedModel.Step.respond { _ in
                stop.afterTurn()
                return .said("Done")
            }
            try await mode.run(.stub(), model: [step], config: config(stop), session: mode.session)
        }
        #expect(run.output == "Done")
        #expect(run.result?.isComplete == true)
        #expect(run.session == [.user("Hi"), .assistant("Done")])
    }

    @Test func r174_theRunsWithinACallAreNotStoppedOnTheirWay() async throws {
        let run = try await inBothModes { mode in
            let stop = RunStop()
            var helper = Agent<Void>.stub("Helper", tools: [stopping(stop, mode.trace)])
            helper.model = mode.model([.call("add"), .text("Four")])
            let agent = Agent<Void>.stub(tools: [helper.asTool(description: "Helps.")])
            try await mode.run(agent, model: [.call("helper", #"{"input":"2 + 2"}"#, id: "a"), .text("Done")], config: config(stop))
        }
        #expect(run.newItems.last == .output("Four", of: "a"))
        #expect(run.remainingSteps == 1)
        #expect(run.result?.isComplete == false)
    }

    @Test func r175_aRunThatWasAskedToStopCanStillBeCancelled() async throws {
        let run = try await inBothModes { mode in
            let (started, never) = (Gate(), Gate())
            let stop = RunStop()
            let tool = mode.trace.tool("add") {
                stop.afterTurn()
                started.open()
                try await never.wait()
            }
            let task = Task { try await mode.run(.stub(tools: [tool]), model: [.call("add", id: "a")], config: config(stop), session: mode.session) }
            try await started.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(run.notes == ["add"])
        #expect(run.sketches == ["start", "response", "tool_call a add"])
        #expect(run.session == [.user("Hi")])
    }
}
