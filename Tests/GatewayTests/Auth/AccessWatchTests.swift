import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Logging
import Persistence
import Testing

@testable import Gateway

@Suite struct AccessWatchTests {
    /// the stream ends; the run, which belongs to the server, does not.
    @Test func r034_signingOutEverywhereEndsOpenStreams() async throws {
        let gate = Gate()
        let model = PausingModel(says: "Going on", until: gate)
        try await withChat(model) { fixture, ada in
            async let reading = ada.chat("Hello")
            try await model.hasSpoken.wait()
            await fixture.streamIsOpen()
            let watch = fixture.watch
            try await watch.look()
            #expect(fixture.supervisor.streams.sessions.count == 1)
            #expect(try await ada.another(with: ada.cookies).status(.post, "/api/auth/logout-all") == 204)
            try await watch.look()
            let events = try await reading
            #expect(events.types.first == "start")
            #expect(!events.types.contains { ["done", "error", "stopped"].contains($0) })
            #expect(fixture.supervisor.streams.sessions.isEmpty)
            #expect(fixture.supervisor.owners.count == 1)
            gate.open()
        }
    }

    /// the run was stopped in the same commit.
    @Test func r015_disablingAnAccountEndsItsStreamsAndRuns() async throws {
        let model = PausingModel(says: "Going on", until: Gate())
        try await withChat(model) { fixture, ada in
            async let reading = ada.chat("Hello")
            try await model.hasSpoken.wait()
            await fixture.streamIsOpen()
            let user = try #require(try await fixture.gateway.users.account("ada@example.org")).user
            try await fixture.gateway.users.disable(user.id)
            try await fixture.watch.look()
            let events = try await reading
            #expect(!events.types.contains("done"))
            let run = try #require(events.first?["run_id"]?.string)
            let stored = try await fixture.service.runs.run(run, owner: user.id)
            #expect(stored?.state == .stopped)
        }
    }

    /// K15: nothing of a deleted account comes back.
    @Test func r120_deletingAnAccountEndsItsRun() async throws {
        let model = PausingModel(says: "Going on", until: Gate())
        try await withChat(model) { fixture, ada in
            async let reading = ada.chat("Hello")
            try await model.hasSpoken.wait()
            await fixture.streamIsOpen()
            let gone: JSONValue = ["password": .string(Browser.password)]
            #expect(try await ada.another(with: ada.cookies).send(.delete, "/api/auth/account", gone).status == 204)
            try await fixture.watch.look()
            let events = try await reading
            #expect(!events.types.contains("done"))
            let rows = try await fixture.database.read { try $0.all("SELECT id FROM runs") }
            #expect(rows.isEmpty)
        }
    }

    @Test func revokingATokenEndsItsStreams() async throws {
        let gate = Gate()
        let model = PausingModel(says: "Going on", until: gate)
        try await withChat(model) { fixture, ada in
            let program = try await Program(of: ada, ["scopes": ["chat"]])
            async let reading = program.send(.post, "/api/chat", ["message": "Hello"])
            try await model.hasSpoken.wait()
            await fixture.streamIsOpen()
            try await fixture.watch.look()
            #expect(fixture.supervisor.streams.sessions == [program.id])
            #expect(try await ada.send(.delete, "/api/tokens/\(program.id)").status == 204)
            try await fixture.watch.look()
            let events = try await reading.events
            #expect(events.types.first == "start" && !events.types.contains("done"))
            #expect(fixture.supervisor.streams.sessions.isEmpty && fixture.supervisor.owners.count == 1)
            gate.open()
        }
    }

    @Test func aStreamIsKnownUntilItIsClosed() {
        let streams = OpenStreams()
        let woken = Gate()
        let mine = streams.open(session: "a") { woken.open() }
        let other = streams.open(session: "b") {}
        #expect(streams.sessions == ["a", "b"])
        streams.end(["a"])
        #expect(mine.hasEnded && !other.hasEnded && woken.isOpen)
        other.close()
        #expect(streams.sessions.isEmpty)
    }
}

extension ChatFixture {
    fileprivate func streamIsOpen() async {
        while supervisor.streams.sessions.isEmpty { await Task.yield() }
    }

    fileprivate var watch: AccessWatch {
        AccessWatch(
            sessions: gateway.store, tokens: gateway.tokenStore, users: gateway.users, supervisor: supervisor, clock: ContinuousClock(),
            logger: Logger(label: "watch") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension Browser {
    /// Another tab of the same browser.
    fileprivate func another(with cookies: [String: String]) -> Browser {
        let tab = another()
        tab.cookies = cookies
        return tab
    }
}
