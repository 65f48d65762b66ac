import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Synchronization
import Testing

@testable import Gateway

/// Gateways that die, and others that take up their runs.
@Suite struct RunRecoveryTests {
    /// Who takes the run up.
    enum Heir: CaseIterable {
        case sameInstanceStartedAgain, anotherInstance
    }

    @Test(arguments: Driver.all, Heir.allCases)
    func aRunWhoseProcessDiesBehindAnyWriteComesToTheSameEnd(on driver: Driver, heir: Heir) async throws {
        try await withDatabase(on: driver) { database in
            for hearsLast in [true, false] {
                var writes = 0
                while try await dies(after: writes, hearsLast: hearsLast, heir, database) { writes += 1 }
                // The message, two calls each with its response, effect and result, text in groups, and the end.
                #expect(writes > 10)
            }
        }
    }

    /// False when the run came to its end before.
    private func dies(after writes: Int, hearsLast: Bool, _ heir: Heir, _ database: any Database) async throws -> Bool {
        let name = "ada\(writes)\(hearsLast)"
        let place: Comment = "killed after \(writes) writes, the last \(hearsLast ? "heard" : "unheard")"
        let mortal = MortalDatabase(database, hearsLast: hearsLast)
        let process = "\(heir)"
        let lost = try await ChatFixture(
            mortal, model: Assistant.model(), clock: StoppedClock(), process: (process, heir == .anotherInstance ? .seconds(-1) : nil))
        let user = try await lost.user(name)
        mortal.die(after: writes)
        let seen = await lost.records(of: ChatMessage(text: "add milk", idempotencyKey: "k"), from: user)
        guard mortal.death.isOpen else {
            #expect(seen.last?.event.isTerminal == true, place)
            return false
        }

        let model = Assistant.model()
        let next = try await ChatFixture(database, model: model, process: (heir == .anotherInstance ? "another" : process, nil))
        try await next.serve { ada in
            _ = try await ada.signIn(name)
            try await next.service.takeUpAbandoned()
            let conversations = try await ada.send(.get, "/api/conversations").json["data"]?.array ?? []
            guard conversations.count == 1 else {
                // Killed before the message was stored: nothing is there.
                #expect(conversations.isEmpty && writes <= 1 && seen.isEmpty, place)
                return
            }
            let runs = try await next.service.runs.runs(of: conversations[0]["id"]?.string ?? "", owner: user.id)
            #expect(runs.count == 1, place)
            try await expectOneEnd(of: try #require(runs.first), after: seen, ada, next.service.runs, place)
            #expect(model.requests.count <= 3, place)
        }
        return true
    }

    /// A run that was cut off came to the end of one that was not, and every reader can see it whole.
    private func expectOneEnd(of run: Run, after seen: [RunRecord], _ ada: Browser, _ runs: RunStore, _ place: Comment) async throws {
        let rest = try await ada.events(of: run.id, after: seen.last?.id ?? 0)
        let log = try await runs.events(of: run.id, owner: run.owner)
        let wholeStream = log.compactMap { ChatEvent($0, run: run.id, conversation: run.conversation)?.members }
        #expect(rest == wholeStream.filter { $0.cursor > seen.last?.id ?? 0 }, place)
        for cut in seen.dropLast() where cut.event.isDecided {
            let rest = try await ada.events(of: run.id, after: cut.id)
            #expect(rest == wholeStream.filter { $0.cursor > cut.id }, place)
        }

        // What was decided and seen is there; the end is the same, and each call was made once.
        #expect(seen.filter(\.event.isDecided).allSatisfy(log.contains), place)
        #expect(log.last?.event.output == Assistant.lastWords, place)
        #expect(log.compactMap(\.event.calledTool) == ["add_todo", "complete_todo"], place)
        #expect(log.compactMap(\.event.resultStatus) == [.ok, .ok], place)
        let todos = try await ada.send(.get, "/api/todos?status=all").json["data"]?.array ?? []
        #expect(todos.map { $0["title"] } == ["Milk"] && todos.map { $0["completed"] } == [true], place)
        #expect(log.count { $0.event.isRestart } <= 1, place)

        // A reader that follows the rules has the same text as one who was never cut off.
        let events = seen.compactMap { ChatEvent($0, run: run.id, conversation: run.conversation)?.members } + rest
        #expect(events.shownText == Assistant.text, place)
        // The same message again is the same run.
        let again = try await ada.chat("add milk", key: "k")
        #expect(again == wholeStream, place)
    }

    @Test(arguments: Driver.all) func aReaderOfAProcessThatLostItsRunReadsOnFromTheOneThatHasIt(on driver: Driver) async throws {
        let asleep = Gate()
        let sleeper = PausingModel(says: "Half an ans", until: asleep)
        try await withDatabase(on: driver) { database in
            let one = try await ChatFixture(database, model: sleeper, process: ("one", .seconds(-1)))
            try await one.serve { ada in
                _ = try await ada.register("ada")
                async let chat = ada.chat("hello")
                try await sleeper.hasSpoken.wait()
                let two = try await ChatFixture(database, model: ScriptedModel(.text("A whole answer.")), process: ("two", nil))
                try await two.serve { other in
                    other.cookies = ada.cookies
                    try await two.service.takeUpAbandoned()
                    let conversation = try await other.send(.get, "/api/conversations").json["data"]?.array?.first?["id"]?.string ?? ""
                    while try await other.send(.get, "/api/conversations/\(conversation)").json["active_run"] != nil { await Task.yield() }
                }
                asleep.open()
                let events = try await chat
                #expect(events.types == ["start", "delta", "restart", "delta", "delta", "delta", "done"])
                #expect(events.shownText == "A whole answer.")
                #expect(events.last?["output"] == "A whole answer.")
            }
        }
    }

    @Test(arguments: Driver.all) func aRunThatEndsEveryProcessIsInterruptedAtLastAndGoesOnAtThePersonsWish(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let limits = ChatLimits(restarts: 2)
            let mortal = MortalDatabase(database, hearsLast: true)
            let first = try await ChatFixture(mortal, model: Assistant.model(), limits: limits, clock: StoppedClock())
            let ada = try await first.user("ada")
            mortal.die(after: 5)
            _ = await first.records(of: ChatMessage(text: "add milk"), from: ada)
            let run = try await ChatFixture.run(of: ada, in: database)
            var attempts = 1
            while try await RunStore(database: database).run(run, owner: ada.id)?.state == .running {
                // It dies before it has done anything.
                try await ChatFixture(database, model: Assistant.model(), limits: limits).service.takeUpAbandoned()
                attempts += 1
            }
            #expect(attempts == 1 + limits.restarts + 1)
            let last = try await ChatFixture(database, model: Assistant.model(), limits: limits)
            try await last.serve { browser in
                _ = try await browser.signIn("ada")
                let cutOff = try await browser.events(of: run)
                #expect(cutOff.last?["code"] == "interrupted")
                #expect(cutOff.last?["retry"] == true)
                let conversation = cutOff.first?["conversation_id"]?.string ?? ""
                let retried = try await browser.send(.post, "/api/conversations/\(conversation)/retry", [:]).events
                #expect(retried.types.last == "done" && !retried.types.contains("error"))
                #expect(retried.shownText == Assistant.text)
                #expect(try await browser.send(.get, "/api/todos?status=all").json["data"]?.array?.count == 1)
                #expect(try await browser.events(of: run) == retried)
                #expect(try await browser.status(.post, "/api/conversations/\(conversation)/retry") == 400)
                #expect(try await browser.send(.post, "/api/conversations/\(conversation)/retry", [:]).status == 409)
            }
        }
    }

    @Test(arguments: Driver.all) func aRunTakenUpHasOnlyTheTurnsThatAreLeft(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let endless = ScriptedModel((0..<9).map { .call("list_todos", id: "call_\($0)") })
            let limits = RunLimits(turns: 3)
            let mortal = MortalDatabase(database, hearsLast: true)
            let lost = try await ChatFixture(mortal, model: endless, runLimits: limits, clock: StoppedClock())
            let ada = try await lost.user("ada")
            mortal.die(after: 7)
            let seen = await lost.records(of: ChatMessage(text: "go"), from: ada)
            let run = try await ChatFixture.run(of: ada, in: database)
            let turns = seen.count { $0.event.calledTool != nil }
            #expect(turns > 0 && seen.last?.event.isTerminal == false)
            let next = try await ChatFixture(database, model: endless, runLimits: limits)
            try await next.serve { browser in
                _ = try await browser.signIn("ada")
                try await next.service.takeUpAbandoned()
                let events = try await browser.events(of: run)
                #expect(events.last?["code"] == "limit_reached")
                #expect(events.types.count { $0 == "tool_call" } == 3)
            }
        }
    }
}
