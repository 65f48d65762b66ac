import AgentRuntime
import DatabaseFixtures
import Persistence
import Testing

/// Runs that wait for a person.
@Suite(.timeLimit(.minutes(5))) struct WaitingRunTests {
    @Test(arguments: Driver.all) func theTimeThatARunWaitsIsNotTimeThatItWorks(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, clock in
            let instance = try await stores.instances.start("here")
            let (run, log) = try await acceptedRun(stores, owner: ada.id, by: instance)
            clock.advance(by: .seconds(40))
            try await log.append(.approvalRequested([try question(1)])).durable()
            clock.advance(by: .seconds(3_600))
            let first = try await decide("call_1", on: run, stores, instance)
            guard case .resumed(let resumed, let next) = first else { return #expect(Bool(false), "\(first)") }
            #expect(resumed.state == .running)
            #expect(next.timeUsed == .seconds(40))
            clock.advance(by: .seconds(10))
            try await next.append(.approvalRequested([try question(2)])).durable()
            clock.advance(by: .seconds(3_600))
            let second = try await decide("call_2", on: run, stores, instance)
            guard case .resumed(_, let last) = second else { return #expect(Bool(false), "\(second)") }
            #expect(last.timeUsed == .seconds(50))
            try await last.append(.stopped).durable()
            let stored = try await stores.runs.events(of: run.id, owner: ada.id)
            #expect(stored.map(\.id) == Array(1...6))
            #expect(stored.map(\.event.type) == ["start", "approval", "approval_decision", "approval", "approval_decision", "stopped"])
        }
    }

    @Test(arguments: Driver.all) func nobodyWritesForARunThatWaits(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let instance = try await stores.instances.start("here")
            let (run, log) = try await acceptedRun(stores, owner: ada.id, by: instance)
            try await log.append(.approvalRequested([try question(1)])).durable()
            #expect(try await stores.runs.run(run.id, owner: ada.id)?.state == .awaitingApproval)
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.append(.delta("x")).durable() }
            await #expect(throws: StoreError.claimLost(run: run.id)) { try await log.end(with: .error(.interrupted)) }
            let next = try await stores.instances.start("here")
            #expect(try await stores.runs.abandoned(byOthersThan: next).isEmpty)
            #expect(try await stores.runs.stopWaiting(run.id, owner: "somebody else") == nil)
            #expect(try await stores.runs.stopWaiting(run.id, owner: ada.id)?.event == .stopped)
            #expect(try await stores.runs.stopWaiting(run.id, owner: ada.id) == nil)
            #expect(try await stores.runs.events(of: run.id, owner: ada.id).map(\.event.type) == ["start", "approval", "stopped"])
        }
    }

    @Test(arguments: Driver.all) func ofDecisionsAndStopsThatRaceExactlyOneIsStored(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let instance = try await stores.instances.start("here")
            for _ in 0..<5 {
                let (run, log) = try await acceptedRun(stores, owner: ada.id, by: instance)
                try await log.append(.approvalRequested([try question(1)])).durable()
                let stored = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for verdict in [ApprovalDecision.Verdict.approve, .reject, .approve, .reject] {
                        group.addTask {
                            let outcome = try await decide("call_1", verdict, on: run, stores, instance)
                            if case .resumed(_, let log) = outcome { try await log.append(.stopped).durable() }
                            return if case .resumed = outcome { true } else { false }
                        }
                    }
                    group.addTask { try await stores.runs.stopWaiting(run.id, owner: ada.id) != nil }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(stored == 1)
                let types = try await stores.runs.events(of: run.id, owner: ada.id).map(\.event.type)
                #expect(types.filter { $0 == "approval_decision" }.count <= 1)
                #expect(types.filter { $0 == "stopped" }.count == 1)
            }
        }
    }

    @Test(arguments: Driver.all) func aReaderOfARunThatWaitsIsNotKept(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            try await log.append(.approvalRequested([try question(1)])).durable()
            var types: [String] = []
            try await RunFollower(runs: stores.runs).follow(run.id, owner: ada.id) { records in
                types += records.map(\.event.type)
                return true
            }
            #expect(types == ["start", "approval"])
        }
    }

    private func decide(
        _ call: String,
        _ verdict: ApprovalDecision.Verdict = .approve,
        on run: Run,
        _ stores: Stores,
        _ instance: Instance
    ) async throws -> ApprovalOutcome {
        try await stores.runs.decide(
            ApprovalChoice(callID: call, verdict: verdict), on: run.id, owner: run.owner, by: instance, activeLimit: 2
        ) { _ in }
    }

    private func question(_ turn: Int) throws -> Interruption {
        let json: JSONValue = [
            "turn": .integer(turn), "index": 0, "call_id": .string("call_\(turn)"), "agent": "Assistant", "name": "delete_todo", "arguments": "{}",
            "tool_version": "",
        ]
        return try json.decode(as: Interruption.self)
    }
}
