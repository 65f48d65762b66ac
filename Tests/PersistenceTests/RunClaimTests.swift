import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

/// Who may write for a run, when several believe that they may.
@Suite struct RunClaimTests {
    @Test(arguments: Driver.all) func anInstanceWhoseLeaseRanOutKeepsItsRunsInItsOwnEyes(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let late = try await stores.instances.start("late", lease: .seconds(-60))
            let other = try await stores.instances.start("other")
            let (run, _) = try await acceptedRun(stores, owner: ada.id, by: late)
            #expect(try await stores.runs.abandoned(byOthersThan: late).isEmpty)
            #expect(try await stores.runs.abandoned(byOthersThan: other).map(\.id) == [run.id])
            let again = try await stores.instances.start("late")
            #expect(try await stores.runs.abandoned(byOthersThan: again).map(\.id) == [run.id])
        }
    }

    @Test(arguments: Driver.all) func ofTwoWhoWriteForOneInstanceOnlyTheLaterIsHeard(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let here = try await stores.instances.start("here")
            let (run, first) = try await acceptedRun(stores, owner: ada.id, by: here)
            _ = first.append(.delta("Hel"))
            let second = try #require(try await stores.runs.takeOver(run, by: here))
            let lost = StoreError.claimLost(run: run.id)
            await #expect(throws: lost) { try await first.flush() }
            await #expect(throws: lost) {
                try await stores.todos.todos(of: ada.id, claim: first.claim).add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0))
            }
            await #expect(throws: lost) { try await first.end(with: .stopped) }
            let todos = stores.todos.todos(of: ada.id, claim: second.claim)
            _ = try await todos.add(title: "Milk", for: CallKey(run: run.id, turn: 1, index: 0))
            try await second.append(.done(RunOutput(output: "Hello", usage: Usage()))).durable()
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).map(\.id) == [1, 1_048_577, 1_048_578])
            #expect(try await stores.todos.todos(of: ada.id).list().data.count == 1)
        }
    }

    @Test(arguments: Driver.all) func aRunThatEndedSinceItWasReadIsNotTakenOver(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let here = try await stores.instances.start("here")
            let (_, log) = try await acceptedRun(stores, owner: ada.id, by: here)
            clock.advance(by: .seconds(10))
            let quiet = try #require(try await stores.runs.quiet(of: here, since: clock.now).first)
            try await log.append(.done(RunOutput(output: "Hello", usage: Usage()))).durable()
            #expect(try await stores.runs.takeOver(quiet, by: here) == nil)
            #expect(try await stores.runs.run(quiet.id, owner: ada.id)?.state == .completed)
        }
    }

    @Test(arguments: Driver.all) func aRunThatWaitsIsStoppedAlsoByATaskThatWasCancelled(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.approvalRequested([])).durable()
            let stopped = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await stores.runs.stopWaiting(run.id, owner: ada.id)
            }
            #expect(try await stopped.value?.event == .stopped)
            #expect(try await stores.runs.run(run.id, owner: ada.id)?.state == .stopped)
        }
    }
}
