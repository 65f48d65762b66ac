import AgentRuntime
import DatabaseFixtures
import Synchronization
import Testing

@testable import Persistence

@Suite struct DatabaseRunLogTests {
    private let done = RunEvent.done(RunOutput(output: "Hello", usage: Usage()))

    @Test(arguments: Driver.all) func decidedEventsAreDurableInTheOrderOfTheirAppends(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let verdicts = (0..<50).map { log.append(.guardrail(GuardrailVerdict(guardrail: "\($0)", isInput: true, isTripped: false))) }
            #expect(verdicts.map(\.record.id) == Array(2...51))
            for verdict in verdicts { try await verdict.durable() }
            let events = try await stores.runs.events(of: run.id, owner: ada.id)
            #expect(Array(events.dropFirst()) == verdicts.map(\.record))
        }
    }

    @Test(arguments: Driver.all) func whatIsSaidWaitsForTheNextDecidedEventAndKeepsItsOwnId(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let said = [log.append(.reasoning("hm")), log.append(.delta("Hel")), log.append(.delta("lo"))]
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).map(\.id) == [1])
            try await log.append(done).durable()
            let events = try await stores.runs.events(of: run.id, owner: ada.id, after: 1)
            #expect(events.dropLast() == ArraySlice(said.map(\.record)))
            #expect(events.last?.event == done)
        }
    }

    @Test(arguments: Driver.all) func aKilobyteOfTextIsHandedOverAtOnce(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let small = log.append(.delta(String(repeating: "a", count: 500)))
            let large = log.append(.delta(String(repeating: "b", count: 600)))
            // Stands behind the hand-over in the same queue, and asks the log for nothing.
            try await stores.database.write { _ in }
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1) == [small.record, large.record])
        }
    }

    @Test(arguments: Driver.all) func askingForDurabilityStoresWhatWaits(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let said = log.append(.delta("Hello"))
            try await said.durable()
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1) == [said.record])
        }
    }

    @Test(arguments: Driver.all) func textIsHandedOverEveryTickWhileTheRunIsPerformed(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let clock = TickingClock()
            try await log.flushing(on: clock) {
                let said = log.append(.delta("Hello"))
                await clock.tick()
                // The second sleep begins when the first tick has been dealt with.
                await clock.waitForSleeper()
                try await stores.database.write { _ in }
                #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1) == [said.record])
            }
            #expect(clock.interval == .milliseconds(250))
        }
    }

    @Test(
        arguments: Driver.all,
        [
            Ending(.done(RunOutput(output: "x", usage: Usage())), .completed), Ending(.stopped, .stopped),
            Ending(.error(RunFailure(.modelBusy, "busy")), .failed, "model_busy"), Ending(.error(.interrupted), .interrupted, "interrupted"),
        ]
    )
    func anEndingLeavesTheRunInItsState(on driver: Driver, ending: Ending) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            clock.advance(by: .seconds(5))
            try await log.append(ending.event).durable()
            let ended = try #require(try await stores.runs.run(run.id, owner: ada.id))
            #expect((ended.state, ended.errorCode, ended.lastEventID) == (ending.state, ending.code, 2))
            #expect(!ended.state.isActive)
            #expect(try await stores.conversations.get(run.conversation, owner: ada.id).updatedAt == clock.now)
            // Nothing follows an end.
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(.delta("more")).durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.end(with: .stopped) }
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).count == 2)
        }
    }

    @Test(arguments: Driver.all) func afterAFailedAppendEveryLaterAppendAndEveryLaterWriteOfTheRunFails(on driver: Driver) async throws {
        try await withFaults(on: driver) { stores, faults, user in
            let (run, log) = try await acceptedRun(stores, owner: user.id)
            let todos = stores.todos.todos(of: user.id, claim: log.claim)
            _ = try await todos.add(title: "before", for: CallKey(run: run.id, turn: 1, index: 0))
            faults.failNext()
            let lost = log.append(.guardrail(GuardrailVerdict(guardrail: "lost", isInput: true, isTripped: false)))
            let behind = log.append(.guardrail(GuardrailVerdict(guardrail: "behind", isInput: true, isTripped: false)))
            await #expect(throws: FaultyDatabase.Fault.self) { try await lost.durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await behind.durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(.delta("later")).durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(done).durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) {
                try await todos.add(title: "after", for: CallKey(run: run.id, turn: 1, index: 1))
            }
            #expect(try await stores.runs.events(of: run.id, owner: user.id).map(\.id) == [1])
            #expect(try await stores.todos.todos(of: user.id).list().data.map(\.title) == ["before"])

            // It can still be ended, with an id that was never given out.
            let end = try await log.end(with: .error(RunFailure(.internal, "x", retry: true)))
            #expect(try await stores.runs.events(of: run.id, owner: user.id, after: 1) == [end])
            #expect(try await stores.runs.run(run.id, owner: user.id)?.state == .failed)
            #expect(end.id > behind.record.id)
        }
    }

    @Test(arguments: Driver.all) func aWriteOfAToolStandsBehindTheAppendsBeforeIt(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let todos = stores.todos.todos(of: ada.id, claim: log.claim)
            // Not waited for: the write finds it stored all the same.
            let call = log.append(.toolCall(ToolCall(turn: 1, index: 0, callID: "c", name: "add_todo", arguments: "{}")))
            // What waits for company has not been handed over, and does not hold the write up.
            _ = log.append(.delta("waiting"))
            _ = try await todos.add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0))
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1) == [call.record])
        }
    }

    @Test(arguments: Driver.all) func cancellingTheCallerDoesNotCancelAnAppend(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await log.append(.stopped).durable()
            }
            try await task.value
            #expect(try await stores.runs.run(run.id, owner: ada.id)?.state == .stopped)
        }
    }

    @Test(arguments: Driver.all) func aRunWithTooManyEventsFailsAndCanStillBeEnded(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let (run, first) = try await acceptedRun(stores, owner: ada.id)
            let log = DatabaseRunLog(
                claim: first.claim,
                prefix: [RunRecord(id: 1_048_573, event: .delta("the last but one"))],
                database: stores.database,
                clock: clock.wall
            )
            let last = log.append(.delta("the last"))
            #expect(last.record.id == 1_048_574)
            await #expect(throws: StoreError.self) { try await log.append(.delta("one too many")).durable() }
            await #expect(throws: StoreError.self) { try await log.append(done).durable() }
            let end = try await log.end(with: .error(RunFailure(.internal, "x")))
            #expect(end.id == 1_048_575)
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1) == [last.record, end])
        }
    }

    @Test(arguments: Driver.all) func aRunnersRunIsReadBackWhole(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let events: [RunEvent] = [
                .guardrail(GuardrailVerdict(guardrail: "length", isInput: true, isTripped: false, reason: "ok")),
                .delta("Hi \u{0} \u{1F600} \"quoted\" \\ \u{2028}"), .reasoning("hm"),
                .response(
                    turn: 1,
                    ModelResponse(items: [.assistant("Hi"), .call("add_todo", #"{"title":"a\u0000"}"#, id: "c")], usage: Usage(requests: 1))
                ),
                .toolCall(ToolCall(turn: 1, index: 0, callID: "c", name: "add_todo", arguments: "{}")),
                .toolResult(ToolResult(of: ToolCall(turn: 1, index: 0, callID: "c", name: "add_todo", arguments: "{}"), status: .ok, output: "1")),
                .handoff(HandoffRecord(from: "A", to: "B", call: ToolCall(turn: 2, index: 0, callID: "d", name: "to_b", arguments: ""))),
                done,
            ]
            for event in events { _ = log.append(event) }
            try await log.flush()
            #expect(try await stores.runs.events(of: run.id, owner: ada.id, after: 1).map(\.event) == events)
        }
    }

    struct Ending: Sendable {
        let event: RunEvent
        let state: RunState
        let code: String?

        init(_ event: RunEvent, _ state: RunState, _ code: String? = nil) {
            (self.event, self.state, self.code) = (event, state, code)
        }
    }

    private func withFaults(on driver: Driver, _ body: (Stores, FaultyDatabase, User) async throws -> Void) async throws {
        try await withDatabase(on: driver) { database in
            let faults = FaultyDatabase(database)
            let stores = Stores(database: faults)
            try await body(stores, faults, try await stores.users.create(email: .of("ada"), name: "Ada", passwordHash: "h"))
        }
    }
}

/// A database that can be told to fail its next write.
private final class FaultyDatabase: Database {
    struct Fault: Error {}

    private let base: any Database
    private let failsNext = Mutex(false)

    init(_ base: any Database) {
        self.base = base
    }

    func failNext() {
        failsNext.withLock { $0 = true }
    }

    func read<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) async throws -> T {
        try await base.read(body)
    }

    func enqueue<T: Sendable>(_ body: @Sendable @escaping (Transaction) throws -> T) -> PendingWrite<T> {
        let fails = failsNext.withLock { fails in
            defer { fails = false }
            return fails
        }
        return base.enqueue { (transaction: Transaction) throws -> T in
            if fails { throw Fault() }
            return try body(transaction)
        }
    }
}

/// A clock whose sleepers wake when the test says so.
private final class TickingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var sleeper: CheckedContinuation<Void, any Error>?
        var watcher: CheckedContinuation<Void, Never>?
        var interval: Duration?
    }

    private let state = Mutex(State())

    var now: Instant { Instant() }
    var minimumResolution: Duration { .zero }
    /// What the latest sleeper asked for.
    var interval: Duration? { state.withLock { $0.interval } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let watcher = state.withLock { state in
                    state.interval = deadline.offset
                    if Task.isCancelled { continuation.resume(throwing: CancellationError()) } else { state.sleeper = continuation }
                    defer { state.watcher = nil }
                    return state.watcher
                }
                watcher?.resume()
            }
        } onCancel: {
            takeSleeper()?.resume(throwing: CancellationError())
        }
    }

    func waitForSleeper() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleeper == nil { state.watcher = continuation }
                return state.sleeper != nil
            }
            if isThere { continuation.resume() }
        }
    }

    func tick() async {
        await waitForSleeper()
        takeSleeper()?.resume()
    }

    private func takeSleeper() -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            defer { state.sleeper = nil }
            return state.sleeper
        }
    }
}
