import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Persistence
import Testing

@Suite struct ReopenedRunTests {
    @Test(arguments: Driver.all) func whatWasWholeBeforeARunFailedIsNotVoidWhenItGoesOn(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            _ = log.append(.delta("Done."))
            _ = log.append(.response(turn: 1, .said("Done.")))
            try await log.append(.error(RunFailure(.internal, "Something went wrong.", retry: true))).durable()
            let here = try await stores.instances.start("here")
            guard case .reopened(_, let again) = try await stores.runs.reopen(run.conversation, owner: ada.id, by: here, activeLimit: 2) else {
                Issue.record("The run was not reopened.")
                return
            }
            let types = try await again.stored().map(\.event.type)
            #expect(types == ["start", "delta", "response"])
            // A model with an empty script answers nothing: it is not asked.
            let result = try await Runner(model: ScriptedModel([])).run(.stub(), input: [], context: (), log: again)
            #expect(result.output == "Done.")
            let stored = try await stores.runs.events(of: run.id, owner: ada.id)
            #expect(stored.map(\.event.type) == ["start", "delta", "response", "error", "done"])
        }
    }

    @Test(arguments: Driver.all) func textOfAnUnfinishedTurnIsVoidWhenARunGoesOn(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, ada, _ in
            let (run, log) = try await acceptedRun(stores, owner: ada.id)
            _ = log.append(.delta("Do"))
            try await log.append(.error(RunFailure(.internal, "Something went wrong.", retry: true))).durable()
            let here = try await stores.instances.start("here")
            guard case .reopened(_, let again) = try await stores.runs.reopen(run.conversation, owner: ada.id, by: here, activeLimit: 2) else {
                Issue.record("The run was not reopened.")
                return
            }
            let types = try await again.stored().map(\.event.type)
            #expect(types == ["start", "delta", "error", "restart"])
        }
    }
}
