import AgentRuntime
import DatabaseFixtures
import Synchronization
import Testing

@testable import Persistence

@Suite struct RunFollowerTests {
    private let done = RunEvent.done(RunOutput(output: "Hello", usage: Usage()))

    @Test(arguments: Driver.all) func aReaderGetsWhatIsStoredAndWhatComesOnceAndInOrder(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.delta("Hel")).durable()
            let appended = Mutex(false)
            // Without the hints it would wait for a tick that never comes.
            let follower = RunFollower(runs: stores.runs, hints: stores.database.hints, clock: StoppedClock())
            var seen: [Int64] = []
            try await follower.follow(run.id, owner: ada.id) { records in
                seen += records.map(\.id)
                if appended.withLock({
                    $0.toggle(); return $0
                }) {
                    _ = log.append(.delta("lo"))
                    _ = log.append(done)
                }
                return true
            }
            #expect(seen == [1, 2, 3, 4])
        }
    }

    @Test(arguments: Driver.all) func aCursorAnywhereGivesExactlyTheRest(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            for number in 0..<30 { _ = log.append(.delta("\(number)")) }
            try await log.append(done).durable()
            let follower = RunFollower(runs: stores.runs, hints: stores.database.hints, clock: StoppedClock())
            let whole = try await stores.runs.events(of: run.id, owner: ada.id)
            for cursor in 0...32 {
                var rest: [RunRecord] = []
                try await follower.follow(run.id, owner: ada.id, after: Int64(cursor)) { records in
                    rest += records
                    return true
                }
                #expect(rest == Array(whole.dropFirst(cursor)))
            }
        }
    }

    @Test(arguments: Driver.all) func aReaderMayLeaveAndNobodyReadsForOthers(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.delta("Hello")).durable()
            let follower = RunFollower(runs: stores.runs, hints: stores.database.hints, clock: StoppedClock())
            var batches = 0
            try await follower.follow(run.id, owner: ada.id) { _ in
                batches += 1
                return false
            }
            #expect(batches == 1)
            try await follower.follow(run.id, owner: "somebody else") { _ in
                Issue.record("read by another")
                return true
            }
            let task = Task {
                try await follower.follow(run.id, owner: ada.id, after: 2) { _ in true }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test(arguments: Driver.all) func aTickFindsWhatNoHintToldOf(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            let follower = RunFollower(runs: stores.runs, hints: NoRunHints(), clock: ContinuousClock())
            var seen: [Int64] = []
            try await follower.follow(run.id, owner: ada.id, every: .milliseconds(5)) { records in
                seen += records.map(\.id)
                if seen == [1] { try await log.append(done).durable() }
                return true
            }
            #expect(seen == [1, 2])
        }
    }

    @Test(arguments: Driver.all) func aRunThatIsDeletedEndsItsReaders(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, _) = try await acceptedRun(stores, owner: ada.id)
            let follower = RunFollower(runs: stores.runs, hints: NoRunHints(), clock: ContinuousClock())
            try await follower.follow(run.id, owner: ada.id, every: .milliseconds(5)) { _ in
                try await stores.conversations.delete(run.conversation, owner: ada.id)
                return true
            }
        }
    }

    @Test func localHintsGoToTheRunsReadersAndToThemOnly() async throws {
        let hints = LocalRunHints()
        var mine: AsyncStream<Void>.Iterator? = hints.hints(of: "a").makeAsyncIterator()
        let others = hints.hints(of: "b")
        #expect(hints.readerCount == 2)
        // Those that nobody has taken are one.
        for _ in 0..<10 { hints.announce("a") }
        #expect(await mine?.next() != nil)
        mine = nil
        #expect(hints.readerCount == 1)
        withExtendedLifetime(others) {}
    }
}
