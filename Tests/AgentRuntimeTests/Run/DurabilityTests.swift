import AgentRuntime
import AgentTesting
import Synchronization
import Testing

/// What is decided is durable before anyone sees it.
@Suite(.timeLimit(.minutes(5))) struct DurabilityTests {
    @Test(arguments: [true, false])
    func decidedEventsAreShownOnceTheyAreDurable(isStreamed: Bool) async throws {
        let log = LazyRunLog()
        let (runner, _) = Runner.scripted(.calls(("read", "{}"), ("write", "{}"), ("send", "{}")), .text("All done"), isStreamed: isStreamed)
        let reader = Reader()
        let agent = Agent<Void>.stub(tools: [.stub("read"), .stub("write", effect: .writes), .stub("send", effect: .external)])
        _ = try await runner.run(agent, input: "Hi", context: (), log: log) { record in
            if record.event.isDecided { #expect(log.isDurable(record)) }
            reader.read(record)
        }
        #expect(reader.events == log.records.map(\.event))
    }

    @Test func anExternalCallWaitsUntilItIsDurable() async throws {
        let log = LazyRunLog()
        let (runner, _) = Runner.scripted(.call("send"), .text("Done"))
        let send = AnyTool<Void>.stub("send", effect: .external) { _, _ in
            #expect(log.records.allSatisfy { log.isDurable($0) })
            #expect(log.records.map(\.event).sketches.suffix(2) == ["tool_call call_1 send", "tool_start"])
            return ""
        }
        _ = try await runner.run(.stub(tools: [send]), input: "Hi", context: (), log: log)
    }

    @Test func nothingDecidedIsShownWhileTheLogIsHeld() async throws {
        let gate = Gate()
        let log = LazyRunLog { _ in try await gate.wait() }
        let reader = Reader()
        let trace = Trace()
        let asked = Gate()
        let model = ScriptedModel(
            .respond { _ in
                asked.open(); return .calling(Item.FunctionCall(callID: "c1", name: "send", arguments: "{}"))
            }, .text("Done"))
        let agent = Agent<Void>.stub(tools: [trace.tool("send", .external)])
        let task = Task { try await Runner(model: model).run(agent, input: "Hi", context: (), log: log) { reader.read($0) } }
        // The model is asked meanwhile, but neither is its answer shown nor the call made.
        try await asked.wait()
        while log.records.count < 3 { await Task.yield() }
        for _ in 0..<50 { await Task.yield() }
        #expect(reader.events.isEmpty)
        #expect(trace.notes.isEmpty)
        gate.open()
        #expect(try await task.value.output == "Done")
        #expect(reader.events.sketches.last == "done Done")
    }

    @Test(arguments: 1...7)
    func aFailedAppendFailsTheRunAndShowsNothingMore(failing: Int64) async throws {
        struct DiskFull: Error {}
        let log = LazyRunLog { id in if id >= failing { throw DiskFull() } }
        let (runner, _) = Runner.scripted(.call("send"), .text("Done"), isStreamed: false)
        let trace = Trace()
        let reader = Reader()
        await #expect(throws: RunError.failed("DiskFull()")) {
            try await runner.run(.stub(tools: [trace.tool("send", .external)]), input: "Hi", context: (), log: log) { reader.read($0) }
        }
        #expect(reader.events.count == Int(failing) - 1)
        #expect(trace.notes.isEmpty == (failing <= 4))
    }
}

/// A log whose events become durable when somebody waits for it, and only if `store` says so.
final class LazyRunLog: RunLog {
    let run = "lazy"
    private let state = Mutex<(records: [RunRecord], durable: Set<Int64>)>(([], []))
    private let store: @Sendable (Int64) async throws -> Void

    init(store: @escaping @Sendable (Int64) async throws -> Void = { _ in }) {
        self.store = store
    }

    var records: [RunRecord] { state.withLock { $0.records } }

    func isDurable(_ record: RunRecord) -> Bool {
        state.withLock { $0.durable.contains(record.id) }
    }

    func stored() async throws -> [RunRecord] { [] }

    func append(_ event: RunEvent) -> PendingAppend {
        let record = state.withLock { state in
            let record = RunRecord(id: Int64(state.records.count + 1), event: event)
            state.records.append(record)
            return record
        }
        return PendingAppend(record) { [self] in
            await Task.yield()
            try await store(record.id)
            _ = state.withLock { $0.durable.insert(record.id) }
        }
    }
}
