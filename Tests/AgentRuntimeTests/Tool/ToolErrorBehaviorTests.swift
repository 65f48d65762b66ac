import AgentTesting
import Logging
import Synchronization
import Testing

@testable import AgentRuntime

/// agents-sdk, what comes of a tool that throws or takes too long.
@Suite(.timeLimit(.minutes(5))) struct ToolErrorBehaviorTests {
    private struct Broken: Error {}

    private func tool(_ behavior: ToolErrorBehavior<Void>, throwing error: any Error & Sendable = Broken()) -> AnyTool<Void> {
        var tool = AnyTool<Void>.stub("add") { _, _ in throw error }
        tool.errorBehavior = behavior
        return tool
    }

    @Test(arguments: [
        ToolErrorBehavior<Void>.tell { error, run in "\(type(of: error)) in \(run.tool?.call.name ?? "")" },
        .tell { error, run in
            await Task.yield()
            return "\(type(of: error)) in \(run.tool?.call.name ?? "")"
        },
    ])
    func t48_theToolsOwnTextReplacesTheFixedSentence(behavior: ToolErrorBehavior<Void>) async throws {
        let run = try await inBothModes { mode in
            try await mode.run(.stub(tools: [tool(behavior)]), model: [.call("add"), .text("Done")])
        }
        #expect(run.requests.last?.input.last == .output("Broken in add", of: "call_1"))
        #expect(run.sketches.contains("tool_result call_1 failed"))
    }

    @Test func t48_aTextThatCannotBeMadeFailsTheRun() async {
        let failure = RunError.user("Error running tool add: Broken()")
        let run = await inBothModes(throwing: failure) { mode in
            try await mode.run(.stub(tools: [tool(.tell { _, _ in throw Broken() })]), model: [.call("add")])
        }
        #expect(run.requests.count == 1)
    }

    static let failures: [(error: any Error & Sendable, RunError)] = [
        (Broken(), .user("Error running tool add: Broken()")), (ToolFailure("No such todo."), .user("Error running tool add: No such todo.")),
        (ToolFailure("No JSON.", isAboutArguments: true), .modelBehavior("No JSON.")), (RunError.limitReached("Enough."), .limitReached("Enough.")),
        (ModelError.contentFiltered, .model(.contentFiltered)),
    ]

    @Test(arguments: failures)
    func t49_withoutATextTheErrorEndsTheRunAndNamesTheTool(error: any Error & Sendable, failure: RunError) async {
        let run = await inBothModes(throwing: failure) { mode in
            try await mode.run(.stub(tools: [tool(.failRun, throwing: error)]), model: [.call("add"), .text("Done")])
        }
        #expect(run.requests.count == 1)
        #expect(run.remainingSteps == 1)
    }

    @Test func t50_theFixedSentenceIsLookedUpWhenTheCallIsMade() async throws {
        var copy = tool(.tellModel)
        copy.definition.name = "copy"
        let run = try await inBothModes { mode in
            let agent = Agent<Void>.stub(tools: [tool(.tellModel), copy])
            try await mode.run(agent, model: [.calls(("add", "{}"), ("copy", "{}")), .text("Done")])
            var config = RunConfig<Void>()
            config.toolErrorText = { _, call in "Sorry for \(call.name)." }
            try await mode.run(agent, model: [.calls(("add", "{}"), ("copy", "{}")), .text("Done")], config: config)
        }
        let outputs = run.log.compactMap { if case .toolResult(let result) = $0 { result.output } else { nil } }
        let sentence = "An error occurred while running the tool. Please try again."
        #expect(outputs == [sentence, sentence, "Sorry for add.", "Sorry for copy."])
    }

    @Test func t51_whatTheModelSentIsNotInTheLogOfTheProcess() async throws {
        struct Pay: Tool {
            static let summary = "Pays."
            static let effect = ToolEffect.reads
            @Argument("How much.", .range(1...3)) var amount: Int
            init() {}
            func call(in run: RunContext<Void>) async throws -> String { throw Broken() }
        }
        let lines = FailureLines()
        let run = try await inBothModes { mode in
            let calls = ScriptedModel.Step.calls(("pay", "{hunter2"), ("pay", #"["hunter2"]"#), ("pay", #"{"amount":1}"#))
            try await mode.run(.stub(tools: [AnyTool(Pay.self)]), model: [calls, .text("Done")]) { $0.logger = lines.logger }
        }
        let statuses = run.log.compactMap { if case .toolResult(let result) = $0 { result.status } else { nil } }
        #expect(statuses == [.failed, .failed, .failed])
        #expect(lines.texts.count == 2, "the tool that was called and threw, once a mode")
        #expect(lines.texts.allSatisfy { $0.contains("Broken") && !$0.contains("hunter2") })
    }

    private func slow(_ behavior: ToolErrorBehavior<Void>) -> AnyTool<Void> {
        let never = Gate()
        var tool = AnyTool<Void>.stub("slow", timeout: .seconds(2)) { _, _ in
            try await never.wait()
            return ""
        }
        tool.timeoutBehavior = behavior
        return tool
    }

    private func late(_ tool: AnyTool<Void>, in mode: RunMode) async throws -> RunResult {
        let clock = ManualClock()
        async let result = mode.run(.stub(tools: [tool]), model: [.call("slow"), .text("Done")]) { $0.clock = clock }
        await clock.untilSleeping()
        clock.advance(by: .seconds(2))
        return try await result
    }

    @Test func t52_aCallThatTakesTooLongHasTheToolsOwnText() async throws {
        let run = try await inBothModes { mode in
            _ = try await late(slow(.tell { error, _ in "Late: \((error as? ToolTimeout)?.limit == .seconds(2))" }), in: mode)
        }
        #expect(run.newItems.contains(.output("Late: true", of: "call_1")))
        #expect(run.sketches.contains("tool_result call_1 timed_out"))
    }

    @Test func t52_aCallThatTakesTooLongCanEndTheRun() async {
        let timeout = ToolTimeout(tool: "slow", limit: .seconds(2))
        let run = await inBothModes(throwing: RunError.toolTimedOut(timeout)) { mode in _ = try await late(slow(.failRun), in: mode) }
        #expect(run.sketches.last == "error limit_reached")
        #expect(RunError.toolTimedOut(timeout).description == "Tool 'slow' timed out after 2 seconds.")
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func t53_aTimeoutIsPositive(timeout: Duration) async {
        let run = await inBothModes(throwing: RunError.user("The timeout of the tool 'add' is not positive.")) { mode in
            try await mode.run(.stub(tools: [.stub("add", timeout: timeout)]), model: [.call("add")])
        }
        #expect(run.requests.isEmpty)
    }

    @Test func t53_aTimeoutFromWithinTheToolIsAnErrorLikeOthers() async throws {
        var tool = AnyTool<Void>.stub("add", timeout: .seconds(2)) { _, _ in throw DeadlineExceeded(limit: .seconds(9)) }
        tool.timeoutBehavior = .failRun
        let run = try await inBothModes { mode in try await mode.run(.stub(tools: [tool]), model: [.call("add"), .text("Done")]) }
        #expect(run.newItems.contains(.output("An error occurred while running the tool. Please try again.", of: "call_1")))
    }
}

/// What the process logged, with all that was said beside it.
private final class FailureLines: Sendable {
    private let kept = Mutex<[String]>([])

    var texts: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: FailureLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(lines: FailureLines) {
            self.lines = lines
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
