import AgentRuntime
import DatabaseFixtures
import Synchronization
import Testing

@testable import Persistence

@Suite struct PostgresRunHintsTests {
    @Test func aReaderAtAnotherProcessIsToldWithoutWaitingForATick() async throws {
        try await withTwo { here, there in
            let ada = try await here.users.create(email: .of("ada"), name: "Ada", passwordHash: "h")
            let (run, log) = try await acceptedRun(here, owner: ada.id)
            let follower = RunFollower(runs: there.runs, hints: there.database.hints, clock: StoppedClock())
            var seen: [Int64] = []
            try await follower.follow(run.id, owner: ada.id) { records in
                guard !records.isEmpty else { return true }
                seen += records.map(\.id)
                switch seen.count {
                case 1: _ = log.append(.guardrail(GuardrailVerdict(guardrail: "length", isInput: true, isTripped: false)))
                case 2: _ = log.append(.stopped)
                default: break
                }
                return true
            }
            #expect(seen == [1, 2, 3])
        }
    }

    @Test func manyRunsAreTold() async throws {
        try await withTwo { here, there in
            // More than one notification holds.
            let runs = (0..<500).map { _ in IdentifierGenerator().next() }
            let streams = runs.map { there.database.hints.hints(of: $0) }
            for run in runs { here.database.hints.announce(run) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for stream in streams { group.addTask { for await _ in stream { return } } }
                try await group.waitForAll()
            }
        }
    }

    @Test func aListenerWhoseConnectionIsKilledTellsItsReadersToLookAndListensAgain() async throws {
        try await withTwo { here, there in
            var hints = there.database.hints.hints(of: "a").makeAsyncIterator()
            // It listens from here on.
            #expect(await hints.next() != nil)
            let killed = try await here.database.write { transaction in
                try transaction.all(
                    """
                    SELECT pg_terminate_backend(pid) AS gone FROM pg_stat_activity WHERE query LIKE 'LISTEN agent_runs%' AND query LIKE
                    '%' || (SELECT substr(encode(sha256(convert_to(current_schema(), 'UTF8')), 'hex'), 1, 16))
                    """
                ).count
            }
            #expect(killed == 1)
            #expect(await hints.next() != nil)
            here.database.hints.announce("a")
            #expect(await hints.next() != nil)
        }
    }

    private func withTwo(_ body: (Stores, Stores) async throws -> Void) async throws {
        try await withAddress(on: .postgres) { address in
            let (here, there) = (try await address.open(), try await address.open())
            try await here.migrate()
            try await body(Stores(database: here), Stores(database: there))
            try await here.close()
            try await there.close()
        }
    }
}
