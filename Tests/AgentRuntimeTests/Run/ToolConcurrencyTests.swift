import AgentRuntime
import AgentTesting
import Foundation
import Synchronization
import Testing

/// agents-sdk, calls of one response: together, in order, and what the failure of one means for the others.
@Suite(.timeLimit(.minutes(5))) struct ToolConcurrencyTests {
    @TaskLocal private static var tenant = "none"

    private struct Broken: Error {
        var name = ""
    }

    private struct Lost: RunEndingError {}

    /// A tool that waits to be cancelled, and notes it.
    private func patient(_ name: String, _ trace: Trace, started: Gate = Gate(), effect: ToolEffect = .reads) -> AnyTool<Void> {
        let never = Gate()
        return .stub(name, effect: effect) { _, _ in
            started.open()
            do { try await never.wait() } catch { trace.note("\(name) cancelled"); throw error }
            return ""
        }
    }

    private func failing(
        _ name: String = "break", _ error: any Error & Sendable = Broken(), after gate: Gate? = nil, effect: ToolEffect = .reads
    ) -> AnyTool<Void> {
        var tool = AnyTool<Void>.stub(name, effect: effect) { _, _ in
            try await gate?.wait()
            throw error
        }
        tool.errorBehavior = .failRun
        return tool
    }

    private let broken = RunError.user("Error running tool break: Broken(name: \"\")")

    @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "A body that keeps the only core busy holds up all."))
    func t46_aBodyThatDoesNotWaitHoldsUpNobodyAndSeesTaskLocals() async throws {
        let run = try await inBothModes { mode in
            let isOver = Atomic(false)
            let busy = AnyTool<Void>.stub("busy") { _, _ in
                let end = ContinuousClock.now + .seconds(20)
                while !isOver.load(ordering: .acquiring), ContinuousClock.now < end {}
                return "\(Self.tenant) \(isOver.load(ordering: .acquiring))"
            }
            let quick = AnyTool<Void>.stub("quick") { _, _ in
                isOver.store(true, ordering: .releasing)
                return Self.tenant
            }
            try await Self.$tenant.withValue("Ann") {
                _ = try await mode.run(.stub(tools: [busy, quick]), model: [.calls(("busy", "{}"), ("quick", "{}")), .text("Done")])
            }
        }
        #expect(run.newItems.dropFirst(2).prefix(2) == [.output("Ann true", of: "call_1"), .output("Ann", of: "call_2")])
    }

    @Test(arguments: [ToolEffect.reads, .external])
    func t56_t57_callsStartTogetherAndTheirOutputsAreInCallOrder(effect: ToolEffect) async throws {
        let run = try await inBothModes { mode in
            let (first, second) = (Gate(), Gate())
            let tools = [
                AnyTool<Void>.stub("a", effect: effect) { _, _ in
                    try await first.wait(); mode.trace.note("a"); return "1"
                },
                .stub("b", effect: effect) { _, _ in
                    try await second.wait(); mode.trace.note("b"); first.open(); return "2"
                },
                .stub("c", effect: effect) { _, _ in
                    mode.trace.note("c"); second.open(); return "3"
                },
            ]
            try await mode.run(.stub(tools: tools), model: [.calls(("a", "{}"), ("b", "{}"), ("c", "{}")), .text("Done")])
        }
        #expect(run.notes == ["c", "b", "a"])
        #expect(run.newItems.dropFirst(3).prefix(3) == [.output("1", of: "call_1"), .output("2", of: "call_2"), .output("3", of: "call_3")])
    }

    @Test func t54_aConditionThatFailsCancelsTheOthersAndTheRun() async {
        let run = await inBothModes(throwing: RunError.failed("Broken(name: \"\")")) { mode in
            let (asked, never) = (Gate(), Gate())
            var (slow, broken) = (AnyTool<Void>.stub("slow"), AnyTool<Void>.stub("broken"))
            slow.isEnabled = { _ in
                asked.open()
                do { try await never.wait() } catch { mode.trace.note("cancelled"); throw error }
                return true
            }
            broken.isEnabled = { _ in
                try await asked.wait()
                throw Broken()
            }
            try await mode.run(.stub(tools: [slow, broken]), model: [.text("Done")])
        }
        #expect(run.notes == ["cancelled"])
        #expect(run.requests.isEmpty)
    }

    @Test func t55_whatWasSwitchedOffMeanwhileIsKnownBeforeAnyCallIsMade() async throws {
        let run = try await inBothModes { mode in
            let isOn = Mutex(true)
            var tool = mode.trace.tool("add")
            tool.isEnabled = { _ in
                mode.trace.note("asked")
                return isOn.withLock { isOn in
                    defer { isOn = false }
                    return isOn
                }
            }
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("list"), tool])
            try await mode.run(agent, model: [.calls(("list", "{}"), ("add", "{}")), .text("Done")])
        }
        #expect(run.notes == ["asked", "asked", "list", "list ended", "asked"])
        #expect(run.newItems.contains(.output("Tool 'add' is not enabled.", of: "call_2")))
    }

    @Test func t55_aConditionThatFailsBeforeTheCallsKeepsAllFromBeingMade() async {
        let run = await inBothModes(throwing: RunError.failed("Broken(name: \"\")")) { mode in
            let isFirst = Mutex(true)
            var tool = mode.trace.tool("add")
            tool.isEnabled = { _ in
                guard isFirst.withLock({ $0 }) else { throw Broken() }
                isFirst.withLock { $0 = false }
                return true
            }
            let agent = Agent<Void>.stub(tools: [mode.trace.tool("list"), tool])
            try await mode.run(agent, model: [.calls(("list", "{}"), ("add", "{}")), .text("Done")])
        }
        #expect(run.notes.isEmpty)
    }

    @Test func t57_t58_callsThatWaitTheirTurnNeverStartAfterAFailure() async {
        var limits = RunLimits()
        limits.parallelCalls = 1
        let run = await inBothModes(throwing: broken) { [limits] mode in
            let tools = [mode.trace.tool("a", .external), failing(effect: .external), mode.trace.tool("c", .external)]
            try await mode.run(.stub(tools: tools), model: [.calls(("a", "{}"), ("break", "{}"), ("c", "{}"))], limits: limits)
        }
        #expect(run.notes == ["a", "a ended"])
        #expect(run.sketches.suffix(3) == ["tool_result call_1 ok", "tool_start", "error internal"])
    }

    @Test(arguments: [["slow", "break"], ["break", "slow"]])
    func t59_t62_aFailureCancelsTheOthersAndIsTheRunsError(order: [String]) async {
        let run = await inBothModes(throwing: broken) { mode in
            let started = Gate()
            let tools = [patient("slow", mode.trace, started: started), failing(after: started)]
            try await mode.run(.stub(tools: tools), model: [.calls((order[0], "{}"), (order[1], "{}"))], session: mode.session)
        }
        #expect(run.notes == ["slow cancelled"])
        #expect(!run.sketches.contains { $0.hasPrefix("tool_result") })
        #expect(run.session == [.user("Hi")])
    }

    private struct Ends: RunHooks {
        let trace: Trace
        var work: @Sendable (ToolResult) async throws -> Void = { _ in }

        func onToolEnd(_ agent: Agent<Void>, _ tool: AnyTool<Void>, _ result: ToolResult, _ run: RunContext<Void>) async throws {
            try await work(result)
            trace.note("\(tool.name) told")
        }
    }

    @Test func t60_aCancelledCallHasNoEndForItsHooks() async {
        let run = await inBothModes(throwing: broken) { mode in
            let started = Gate()
            var config = RunConfig<Void>()
            config.hooks = Ends(trace: mode.trace)
            let tools = [patient("slow", mode.trace, started: started), failing(after: started)]
            try await mode.run(.stub(tools: tools), model: [.calls(("slow", "{}"), ("break", "{}"))], config: config)
        }
        #expect(run.notes == ["slow cancelled"])
    }

    @Test func t61_theEndHookOfAFinishedCallIsCompletedBeforeTheError() async {
        let run = await inBothModes(throwing: broken) { mode in
            let (isEnding, failed) = (Gate(), Gate())
            var config = RunConfig<Void>()
            config.hooks = Ends(trace: mode.trace) { _ in
                isEnding.open()
                try await failed.wait()
                for _ in 0..<50 { await Task.yield() }
                try Task.checkCancellation()
            }
            var tool = failing(after: isEnding)
            tool.errorBehavior = .tell { error, _ in
                failed.open()
                throw error
            }
            try await mode.run(
                .stub(tools: [mode.trace.tool("quick"), tool]), model: [.calls(("quick", "{}"), ("break", "{}"))], config: config)
        }
        #expect(run.notes == ["quick", "quick ended", "quick told"])
        #expect(run.sketches.suffix(2) == ["tool_result call_1 ok", "error internal"])
    }

    @Test(arguments: [
        (["fatal", "user"], "Lost()"), (["user", "fatal"], "Lost()"), (["user", "other"], "Error running tool user: Broken(name: \"user\")"),
        (["other", "user"], "Error running tool other: Broken(name: \"other\")"),
    ])
    func t62_whatEndsTheProcessBeatsWhatEndsTheRunAndTiesAreInCallOrder(names: [String], error: String) async {
        let failure = error == "Lost()" ? RunError.failed(error) : .user(error)
        await inBothModes(throwing: failure) { mode in
            // Each fails only when all are under way, the one that counts least first.
            let all = (Gate(), Gate())
            let tools = names.enumerated().map { place, name in
                var tool = AnyTool<Void>.stub(name) { _, _ in
                    if place == 0 { all.0.open() } else { all.1.open() }
                    // Not stopped by the cancellation that the other one's failure brings.
                    while !all.0.isOpen || !all.1.isOpen { await Task.yield() }
                    if name == "fatal" { throw Lost() }
                    throw Broken(name: name)
                }
                tool.errorBehavior = .failRun
                return tool
            }
            try await mode.run(.stub(tools: tools), model: [.calls((names[0], "{}"), (names[1], "{}"))])
        }
    }

    @Test func t63_cancellingTheRunBeatsWhatItsToolsThrow() async throws {
        let run = try await inBothModes { mode in
            let (started, never) = (Gate(), Gate())
            var stubborn = AnyTool<Void>.stub("stubborn") { _, _ in
                started.open()
                do { try await never.wait() } catch { throw Broken() }
                return ""
            }
            stubborn.errorBehavior = .failRun
            let task = Task { [stubborn] in try await mode.run(.stub(tools: [stubborn]), model: [.call("stubborn"), .text("Done")]) }
            try await started.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(run.sketches == ["start", "response", "tool_call call_1 stubborn"])
    }

    @Test func t64_aCancellationThatAToolMadeUpIsATextAndTheRunGoesOn() async throws {
        let run = try await inBothModes { mode in
            let tool = AnyTool<Void>.stub("add") { _, _ in throw CancellationError() }
            try await mode.run(.stub(tools: [tool, mode.trace.tool("list")]), model: [.calls(("add", "{}"), ("list", "{}")), .text("Done")])
        }
        #expect(run.output == "Done")
        #expect(run.notes == ["list", "list ended"])
        #expect(run.newItems.contains(.output("An error occurred while running the tool. Please try again.", of: "call_1")))
    }

    @Test func t79_t80_callsAreToldApartBeforeAnyEffect() async throws {
        let call = Item.FunctionCall(callID: "c1", name: "add", arguments: "{}")
        let other = Item.FunctionCall(callID: "c1", name: "add", arguments: #"{"n":1}"#)
        let nameless = Item.FunctionCall(callID: "", name: "transfer_to_other", arguments: "{}")
        let once = try await inBothModes { mode in
            try await mode.run(.stub(tools: [mode.trace.tool("add")]), model: [.calls([call, call]), .text("Done")])
        }
        #expect(once.notes == ["add", "add ended"])
        #expect(once.newItems.count == 3)
        for (calls, error) in [
            ([call, other], "The model used one call id for two different calls."), ([nameless], "The model made a call without an id."),
        ] {
            let run = await inBothModes(throwing: RunError.modelBehavior(error)) { mode in
                try await mode.run(.stub(tools: [mode.trace.tool("add")], handoffs: [Handoff(to: .stub("Other"))]), model: [.calls(calls)])
            }
            #expect(run.notes.isEmpty)
            #expect(run.sketches == ["start", "error model_misbehaved"])
        }
    }
}
