import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Logging
import Persistence
import Testing

@testable import Gateway

/// Two gateways over one database: what is asked of one holds for the runs of the other.
@Suite struct ReplicaTests {
    @Test(arguments: Driver.all) func aRunIsReadAndWaitedForAtEveryReplica(on driver: Driver) async throws {
        let gate = Gate()
        let model = PausingModel(says: "Half a", until: gate)
        try await withReplicas(on: driver, model) { _, ada, _, there in
            async let chat = ada.chat("hello")
            try await model.hasSpoken.wait()
            let (conversation, run) = try await there.activeRun()
            async let followed = there.events(of: run)
            let refused = try await there.send(.post, "/api/chat", ["message": "more", "conversation_id": .string(conversation)])
            #expect(refused.status == 409)
            #expect(refused.json["run_id"] == .string(run))
            gate.open()
            let (events, seenThere) = try await (chat, followed)
            #expect(events.types == ["start", "delta", "done"])
            #expect(seenThere == events)
        }
    }

    @Test(arguments: Driver.all) func aRunIsStoppedAtAnyReplicaAndKeepsWhatWasSaid(on driver: Driver) async throws {
        let model = PausingModel(says: "Half an ans", until: Gate())
        try await withReplicas(on: driver, model) { one, ada, two, there in
            async let _ = one.recovery.run()
            async let chat = ada.chat("hello")
            try await model.hasSpoken.wait()
            let (conversation, run) = try await there.activeRun()
            #expect(two.supervisor.live(run) == nil)
            // Nothing but the hint tells the other: its clock stands still.
            #expect(try await there.status(.post, "/api/runs/\(run)/stop") == 202)
            let events = try await chat
            #expect(events.types == ["start", "delta", "stopped"])
            #expect(try await there.events(of: run) == events)
            let messages = try await there.send(.get, "/api/conversations/\(conversation)").json["messages"]?.array ?? []
            #expect(messages.last?["text"] == "Half an ans")
            #expect(try await there.status(.post, "/api/runs/\(run)/stop") == 202)
        }
    }

    @Test(arguments: Driver.all) func aRunThatWasStoppedBeforeItsProcessDiedIsNotBegunAgain(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let lost = try await ChatFixture(database, model: ScriptedModel())
            let ada = try await lost.user("ada")
            _ = try await lost.service.accept(ChatMessage(text: "hello"), from: ada)
            let run = try await ChatFixture.run(of: ada, in: database)
            try await lost.service.stop(run, of: ada)
            let model = ScriptedModel()
            let next = try await ChatFixture(database, model: model)
            try await next.serve { browser in
                _ = try await browser.signIn("ada")
                try await next.service.takeUpAbandoned()
                #expect(try await browser.events(of: run).types.last == "stopped")
                #expect(model.requests.isEmpty)
            }
        }
    }

    @Test(arguments: Driver.all) func aReaderOfARunThatMovesReadsOn(on driver: Driver) async throws {
        let model = PausingModel(says: "Half an ans", until: Gate())
        try await withReplicas(on: driver, model, then: ScriptedModel(.text("A whole answer."))) { one, ada, two, there in
            async let chat = ada.chat("hello")
            try await model.hasSpoken.wait()
            try await one.stores.instances.release(one.instance)
            try await two.service.takeUpAbandoned()
            try await one.service.leaveMoved()
            let events = try await chat
            #expect(events.types == ["start", "delta", "restart", "delta", "delta", "delta", "done"])
            #expect(events.shownText == "A whole answer.")
        }
    }

    /// Two gateways that are started, each with a browser of Ada's.
    private func withReplicas(
        on driver: Driver,
        _ model: any Model,
        then other: any Model = ScriptedModel(),
        _ body: @escaping @Sendable (ChatFixture, Browser, ChatFixture, Browser) async throws -> Void
    ) async throws {
        try await withAddress(on: driver) { address in
            let database = try await address.open()
            try await database.migrate()
            // Two processes have a file in common only one after the other.
            let second = if address.isShared { try await address.open() } else { database }
            let one = try await ChatFixture(database, model: model, clock: StoppedClock(), process: ("one", nil))
            let two = try await ChatFixture(second, model: other, process: ("two", nil))
            try await one.serve { ada in
                _ = try await ada.register("ada")
                try await two.serve { there in
                    there.cookies = ada.cookies
                    try await body(one, ada, two, there)
                }
            }
            if address.isShared { try await second.close() }
            try await database.close()
        }
    }
}

extension ChatFixture {
    fileprivate var stores: Stores { Stores(database: database) }

    fileprivate var recovery: RunRecovery {
        let logger = Logger(label: "chat") { _ in SwiftLogNoOpLogHandler() }
        return RunRecovery(service: service, instances: stores.instances, clock: service.runner.clock, logger: logger)
    }
}

extension Browser {
    /// The person's one conversation and its run.
    fileprivate func activeRun() async throws -> (conversation: String, run: String) {
        let conversation = try await send(.get, "/api/conversations").json["data"]?.array?.first?["id"]?.string ?? ""
        return (conversation, try await send(.get, "/api/conversations/\(conversation)").json["active_run"]?["id"]?.string ?? "")
    }
}
