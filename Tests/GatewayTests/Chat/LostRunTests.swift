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

    @Test(arguments: Driver.all) func aRunThatCannotBeReadHoldsUpNoOther(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let lost = try await ChatFixture(database, model: ScriptedModel(), process: ("lost", .seconds(-60)))
            let ada = try await lost.user("ada")
            for text in ["one", "two"] { _ = try await lost.service.accept(ChatMessage(text: text), from: ada) }
            let runs = try await lost.service.runs.abandoned(byOthersThan: try await InstanceStore(database: database).start("reader"))
            let (damaged, whole) = (try #require(runs.first?.id), try #require(runs.last?.id))
            let next = try await ChatFixture(database, model: ScriptedModel(.text("Two.")), process: ("next", nil))
            try await database.write { try $0.execute("UPDATE run_events SET payload = '{}' WHERE run_id = \(damaged)") }
            try await next.serve { browser in
                _ = try await browser.signIn("ada")
                for _ in 1...3 { try await next.service.takeUpAbandoned() }
                #expect(try await browser.events(of: whole).types.last == "done")
                let left = try #require(try await next.service.runs.run(damaged, owner: ada.id))
                #expect((left.state, left.attempt, left.instance) == (.running, 0, "lost"))
                // Once, however often it is met.
                #expect(next.gateway.log.lines(of: "a run could not be taken up").map { $0["run"] } == [damaged])
            }
        }
    }

    @Test func aTakeOverThatFailedIsTriedAgainLater() {
        let failed = FailedTakeOvers()
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        failed.note("r", at: now)
        #expect(!failed.mayTry("r", at: now.adding(.seconds(59))))
        #expect(failed.mayTry("r", at: now.adding(.seconds(60))))
        #expect(failed.mayTry("another", at: now))
    }
}
