import AgentRuntime
import AgentTesting
import Testing

/// agents-sdk, what the log of the process holds: nothing of what people said, models answered or tools read.
@Suite(.timeLimit(.minutes(5))) struct LoggedContentTests {
    /// An error that repeats what it was about, as decoders and databases do.
    private struct Telling: Error, CustomStringConvertible {
        var description: String { "cannot read 'hunter2'" }
    }

    private enum Cause: Error {
        case unreadable(String)
        case missing
    }

    /// A session that cannot do after a run what it is to do then.
    private actor FailingSession: Session {
        private var kept: [Item] = []

        func items() -> [Item] { kept }
        func append(_ items: [Item]) { kept += items }
        func pop() -> Item? { kept.popLast() }
        func clear() { kept = [] }
        func runEnded(lastTurn: [Item]) throws { throw Telling() }
    }

    private func entries(includingContent: Bool, _ scenario: (RunMode, (inout Runner) -> Void) async throws -> Void) async throws -> [String] {
        let log = LogRecorder()
        try await inBothModes { mode in
            try await scenario(mode) {
                $0.logger = log.logger
                $0.logIncludesSensitiveData = includingContent
            }
        }
        return log.entries
    }

    @Test(arguments: [false, true])
    func z251_whatAToolThrowsIsLoggedByItsKindUnlessContentIsWanted(includingContent: Bool) async throws {
        let entries = try await entries(includingContent: includingContent) { mode, logged in
            let tools: [AnyTool<Void>] = [
                .stub("a") { _, _ in throw Telling() }, .stub("b") { _, _ in throw Cause.unreadable("hunter2") },
                .stub("c") { _, _ in throw RunError.user("hunter2") },
            ]
            for name in ["a", "b", "c"] {
                let steps: [ScriptedModel.Step] = [.call(name, #"{"key":"hunter2"}"#), .text("hunter2")]
                try await mode.run(.stub(tools: tools), "hunter2", model: steps, adjusting: logged)
            }
        }
        #expect(entries.count == 6, "once a tool and a mode")
        #expect(entries.allSatisfy { $0.contains("hunter2") == includingContent })
        if !includingContent {
            #expect(
                entries.prefix(3) == [
                    "error a tool failed error=Telling tool=a", "error a tool failed error=Cause.unreadable tool=b",
                    "error a tool failed error=RunError.user internal tool=c",
                ])
        }
    }

    @Test(arguments: [false, true])
    func z251_whatASessionThrowsAfterARunIsLoggedByItsKind(includingContent: Bool) async throws {
        let entries = try await entries(includingContent: includingContent) { mode, logged in
            try await mode.run(.stub(), "hunter2", model: [.text("hunter2")], session: FailingSession(), adjusting: logged)
        }
        #expect(entries.count == 2, "once a mode")
        #expect(entries.allSatisfy { $0.contains("hunter2") == includingContent })
        if !includingContent { #expect(entries.allSatisfy { $0.contains("error=Telling") }) }
    }

    @Test(arguments: [false, true])
    func z251_whyASummaryFailedIsLoggedByItsKind(includingContent: Bool) async throws {
        let entries = try await entries(includingContent: includingContent) { mode, logged in
            var config = RunConfig<Void>()
            let summarizer = Summarizer(model: mode.model([.error(ModelError.http(status: 400, message: "cannot read 'hunter2'", retryAfter: nil))]))
            config.compaction = Compaction(budget: 2, keptTokens: 0, summarizer: summarizer, estimate: { _ in 1 })
            let history: [Item] = [.user("hunter2"), .assistant("hunter2"), .user("hunter2"), .assistant("hunter2")]
            try await mode.run(.stub(), "hunter2", model: [.text("hunter2")], config: config, history: history, adjusting: logged)
        }
        #expect(entries.count == 2, "once a mode")
        #expect(entries.allSatisfy { $0.contains("hunter2") == includingContent })
        if !includingContent { #expect(entries.allSatisfy { $0.hasSuffix("error=ModelError.http 400") }) }
    }

    @Test func z251_aRequestThatIsMadeAgainIsLoggedByItsKind() async throws {
        let (log, clock) = (LogRecorder(), ManualClock())
        let failure = ModelError.http(status: 503, message: "cannot read 'hunter2'", retryAfter: nil)
        let scripted = ScriptedModel(.error(failure), .text("Done"))
        let retrying = RetryingModel(scripted, clock: clock, logger: log.logger)
        async let events = retrying.events(for: .hello)
        await clock.untilSleeping()
        clock.advance(by: .seconds(30))
        _ = try await events
        #expect(log.entries == ["info a model request failed and is made again cause=ModelError.http 503 model=scripted"])
    }

    @Test func z251_aRunThatGoesWellLogsNothing() async throws {
        let entries = try await entries(includingContent: false) { mode, logged in
            let agent = Agent<Void>.stub(tools: [.stub("add")])
            try await mode.run(agent, "hunter2", model: [.call("add", #"{"key":"hunter2"}"#), .text("hunter2")], adjusting: logged)
        }
        #expect(entries == [])
    }

    @Test func anErrorsKindIsItsTypeItsCaseAndItsCodes() {
        #expect(ErrorKind(of: Telling()).description == "Telling")
        #expect(ErrorKind(of: Cause.unreadable("hunter2")).description == "Cause.unreadable")
        #expect(ErrorKind(of: Cause.missing).description == "Cause")
        #expect(ErrorKind(of: RunError.modelRefusal("hunter2")).description == "RunError.modelRefusal model_refused")
        let busy = ModelError.http(status: 429, message: "hunter2", retryAfter: nil)
        #expect(ErrorKind(of: busy).description == "ModelError.http 429")
        #expect(ErrorKind(of: RunError.model(busy)).description == "RunError.model model_busy 429")
    }
}
