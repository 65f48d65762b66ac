import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Persistence
import Testing

@testable import Gateway

/// Runs that are this process's own by what is stored, though it does not carry them out.
@Suite struct LostRunTests {
    /// Every run counts as quiet.
    private let limits = ChatLimits(lease: .seconds(-60))

    @Test(arguments: Driver.all) func aRunThatWasAcceptedAndNeverBegunIsTakenUp(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let chat = try await ChatFixture(database, model: Assistant.model(), limits: limits)
            let ada = try await chat.user("ada")
            let request = RunRequest(
                owner: ada.id, title: "Milk", start: RunStart(agent: "Assistant", input: [.user("add milk")]), activeLimit: 2)
            guard case .accepted(let run, _) = try await chat.service.runs.accept(request, by: chat.instance) else {
                Issue.record("The message was not accepted.")
                return
            }
            try await chat.serve { browser in
                _ = try await browser.signIn("ada")
                try await chat.service.takeUpAbandoned()
                let events = try await browser.events(of: run.id)
                #expect(events.types.last == "done")
                #expect(events.shownText == Assistant.text)
            }
        }
    }

    @Test(arguments: Driver.all) func aProcessWhoseLeaseRanOutDoesNotTakeItsOwnRunsFromItself(on driver: Driver) async throws {
        let gate = Gate()
        let model = PausingModel(says: "Half an ans", until: gate)
        try await withDatabase(on: driver) { database in
            let chat = try await ChatFixture(database, model: model, process: ("late", .seconds(-60)))
            try await chat.serve { ada in
                _ = try await ada.register("ada")
                async let events = ada.chat("hello")
                try await model.hasSpoken.wait()
                try await chat.service.takeUpAbandoned()
                gate.open()
                #expect(try await events.types == ["start", "delta", "done"])
            }
        }
    }

    @Test(arguments: Driver.all) func aRunThatIsCarriedOutIsLeftAloneHoweverQuietItIs(on driver: Driver) async throws {
        let gate = Gate()
        let model = PausingModel(says: "Half an ans", until: gate)
        try await withChat(on: driver, model, limits: limits) { chat, ada in
            async let events = ada.chat("hello")
            try await model.hasSpoken.wait()
            try await chat.service.takeUpAbandoned()
            gate.open()
            let types = try await events.types
            #expect(types.last == "done")
            #expect(!types.contains("restart"))
        }
    }
}
