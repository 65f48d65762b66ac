import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Synchronization
import Testing
import Tools

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct ApprovalRouteTests {
    private static let delete = ScriptedModel.Step.call("delete_todo", #"{"id":1}"#)

    @Test(arguments: Driver.all) func anApprovedRunGoesOnAsTheSameRunWithHigherIDs(on driver: Driver) async throws {
        try await withQuestions(on: driver, Self.delete, .text("Gone.")) { fixture, ada in
            let asked = try await ada.chat("delete 1")
            #expect(asked.types == ["start", "tool_call", "approval"])
            #expect(asked.last?["calls"] == [["call_id": "call_1", "name": "delete_todo", "arguments": #"{"id":1}"#]])
            let (run, conversation) = (asked.run, asked.conversation)
            #expect(try await state(of: run, ada, fixture) == .awaitingApproval)
            #expect(try await ada.send(.get, "/api/conversations/\(conversation)").json["active_run"]?["id"] == .string(run))
            let busy = try await ada.send(.post, "/api/chat", ["message": "and now?", "conversation_id": .string(conversation)])
            #expect(busy.status == 409)
            #expect(busy.json["run_id"] == .string(run))
            #expect(try await ada.todos().count == 1)

            #expect(try await ada.decide(run, ["call_id": "call_1", "decision": "approve"]).status == 202)
            let rest = try await ada.stream(of: run, after: asked.last)
            #expect(rest.types == ["tool_result", "delta", "done"])
            #expect(try await ada.todos().isEmpty)
            let whole = try await ada.stream(of: run)
            #expect(whole == asked + rest)
            let ids = whole.compactMap { $0["id"]?.string.flatMap { Int($0) } }
            #expect(ids == ids.sorted() && Set(ids).count == whole.count)
            #expect(try await state(of: run, ada, fixture) == .completed)
        }
    }

    @Test(arguments: Driver.all) func aRejectedCallIsToldToTheModelInThePersonsWords(on driver: Driver) async throws {
        let model = ScriptedModel(Self.delete, .text("Kept."))
        try await withQuestions(on: driver, model) { _, ada in
            let asked = try await ada.chat("delete 1")
            let decision: JSONValue = ["call_id": "call_1", "decision": "reject", "message": "Keep it, please."]
            #expect(try await ada.decide(asked.run, decision).status == 202)
            let rest = try await ada.stream(of: asked.run, after: asked.last)
            #expect(rest.first?["status"] == "rejected")
            #expect(rest.first?["output"] == "Keep it, please.")
            #expect(model.requests.last?.input.last == .output("Keep it, please.", of: "call_1"))
            #expect(try await ada.todos().count == 1)
        }
    }

    @Test(arguments: Driver.all) func editedArgumentsAreCheckedAndThenUsed(on driver: Driver) async throws {
        try await withQuestions(on: driver, Self.delete, .text("Gone.")) { _, ada in
            _ = try await ada.send(.post, "/api/todos", ["title": "Bread"])
            let asked = try await ada.chat("delete 1")
            for (wrong, word) in [(["id": "two"], "integer"), (["id": 2, "force": true], "force"), ([:], "id")] as [(JSONValue, String)] {
                let refused = try await ada.decide(asked.run, ["call_id": "call_1", "decision": "approve", "arguments": wrong])
                #expect(refused.status == 422)
                #expect(refused.faults == ["arguments"])
                #expect(refused.text.contains(word))
            }
            #expect(try await ada.stream(of: asked.run) == asked)
            let edited: JSONValue = ["call_id": "call_1", "decision": "approve", "arguments": ["id": 2]]
            #expect(try await ada.decide(asked.run, edited).status == 202)
            #expect(try await ada.stream(of: asked.run).types.last == "done")
            #expect(try await ada.todos().map { $0["title"] } == ["Milk"])
            #expect(try await ada.decide(asked.run, edited).status == 202)
        }
    }

    @Test(arguments: Driver.all) func alwaysHoldsForLaterCallsOfTheRunAndForThoseOfTheSameQuestion(on driver: Driver) async throws {
        let both = ScriptedModel.Step.calls(("delete_todo", #"{"id":1}"#), ("delete_todo", #"{"id":2}"#))
        let later = ScriptedModel.Step.call("delete_todo", #"{"id":3}"#, id: "call_3")
        try await withQuestions(on: driver, both, later, .text("Gone.")) { _, ada in
            for title in ["Bread", "Eggs"] { _ = try await ada.send(.post, "/api/todos", ["title": .string(title)]) }
            let asked = try await ada.chat("delete them")
            #expect(asked.last?["calls"]?.array?.count == 2)
            #expect(try await ada.decide(asked.run, ["call_id": "call_1", "decision": "approve", "always": true]).status == 202)
            let rest = try await ada.stream(of: asked.run, after: asked.last)
            #expect(rest.types == ["tool_result", "tool_result", "tool_call", "tool_result", "delta", "done"])
            #expect(try await ada.todos().isEmpty)
        }
    }

    @Test(arguments: Driver.all) func aRunGoesOnOnceEverythingThatItAskedIsDecided(on driver: Driver) async throws {
        let both = ScriptedModel.Step.calls(("delete_todo", #"{"id":1}"#), ("delete_todo", #"{"id":2}"#))
        try await withQuestions(on: driver, both, .text("Mixed.")) { fixture, ada in
            _ = try await ada.send(.post, "/api/todos", ["title": "Bread"])
            let asked = try await ada.chat("delete both")
            #expect(try await ada.decide(asked.run, ["call_id": "call_2", "decision": "reject"]).status == 202)
            #expect(try await state(of: asked.run, ada, fixture) == .awaitingApproval)
            let again = try await ada.stream(of: asked.run, after: asked.last)
            #expect(again.types == ["approval"])
            #expect(again.last?["calls"]?.array?.map { $0["call_id"] } == ["call_1"])
            #expect(try await ada.decide(asked.run, ["call_id": "call_2", "decision": "reject"]).status == 202)
            #expect(try await ada.decide(asked.run, ["call_id": "call_1", "decision": "approve"]).status == 202)
            let rest = try await ada.stream(of: asked.run, after: again.last)
            #expect(rest.types == ["tool_result", "tool_result", "delta", "done"])
            #expect(rest.compactMap { $0["status"] } == ["ok", "rejected"])
            #expect(try await ada.todos().map { $0["title"] } == ["Bread"])
        }
    }

    @Test(arguments: Driver.all) func whatCannotBeDecidedIsRefusedClearly(on driver: Driver) async throws {
        try await withQuestions(on: driver, Self.delete, .text("Gone.")) { _, ada in
            let asked = try await ada.chat("delete 1")
            let approve: JSONValue = ["call_id": "call_1", "decision": "approve"]
            let eve = ada.another()
            _ = try await eve.register("eve")
            #expect(try await eve.decide(asked.run, approve).status == 404)
            #expect(try await ada.decide("nothing", approve).status == 404)
            let unknown = try await ada.decide(asked.run, ["call_id": "call_9", "decision": "approve"])
            #expect(unknown.status == 422)
            #expect(unknown.faults == ["call_id"])
            #expect(try await ada.decide(asked.run, approve).status == 202)
            #expect(try await ada.decide(asked.run, approve).status == 202)
            let otherwise = try await ada.decide(asked.run, ["call_id": "call_1", "decision": "reject"])
            #expect(otherwise.status == 409)
            #expect(try await ada.stream(of: asked.run).types.last == "done")
            #expect(try await ada.decide(asked.run, approve).status == 202)
            let late = try await ada.decide(asked.run, ["call_id": "call_9", "decision": "approve"])
            #expect(late.status == 409)
            #expect(late.json["state"] == "completed")
        }
    }

    @Test(arguments: [
        (#"{}"#, ["call_id", "decision"]), (#"{"call_id":"call_1"}"#, ["decision"]), (#"{"call_id":"call_1","decision":"maybe"}"#, ["decision"]),
        (#"{"call_id":"","decision":"approve"}"#, ["call_id"]), (#"{"call_id":"call_1","decision":"approve","arguments":7}"#, ["arguments"]),
        (#"{"call_id":"call_1","decision":"approve","arguments":"[1]"}"#, ["arguments"]),
        (#"{"call_id":"call_1","decision":"reject","arguments":{"id":2}}"#, ["arguments"]),
        (#"{"call_id":"call_1","decision":"approve","message":"no"}"#, ["message"]),
        (#"{"call_id":"call_1","decision":"approve","always":"yes"}"#, ["always"]),
        (#"{"call_id":"call_1","decision":"approve","tool":"x"}"#, ["tool"]),
    ])
    func aDecisionThatCannotBeReadIsRefusedByItsField(body: String, fields: [String]) async throws {
        try await withQuestions(on: .sqlite, Self.delete) { _, ada in
            let asked = try await ada.chat("delete 1")
            let answer = try await ada.send(.post, "/api/runs/\(asked.run)/approvals", body: body, [.contentType: "application/json"])
            #expect(answer.status == 422)
            #expect(answer.faults == fields)
            #expect(try await ada.stream(of: asked.run) == asked)
        }
    }

    @Test(arguments: Driver.all) func ofDecisionsThatRaceOneWinsAndNothingIsDoneTwice(on driver: Driver) async throws {
        let steps = (0..<8).flatMap { _ in [Self.delete, ScriptedModel.Step.text("Well.")] }
        try await withQuestions(on: driver, ScriptedModel(steps)) { fixture, ada in
            var conversation: String?
            for _ in 0..<8 {
                let asked = try await ada.chat("delete 1", in: conversation)
                conversation = asked.conversation
                let run = asked.run
                async let yes = ada.decide(run, ["call_id": "call_1", "decision": "approve"])
                async let no = ada.decide(run, ["call_id": "call_1", "decision": "reject"])
                let statuses = try await [yes.status, no.status]
                #expect(statuses.sorted() == [202, 409])
                let events = try await ada.stream(of: run)
                #expect(events.types.filter { $0 == "tool_result" }.count == 1)
                #expect((events.first { $0["type"] == "tool_result" }?["status"] == "rejected") == (statuses[0] == 409))
                #expect(events.types.last == "done")
            }
        }
    }

    @Test(arguments: Driver.all) func aRunThatWaitsCanBeStoppedAndTheConversationGoesOn(on driver: Driver) async throws {
        try await withQuestions(on: driver, Self.delete, .text("As you like.")) { fixture, ada in
            let asked = try await ada.chat("delete 1")
            #expect(try await ada.status(.post, "/api/runs/\(asked.run)/stop") == 202)
            #expect(try await ada.status(.post, "/api/runs/\(asked.run)/stop") == 202)
            #expect(try await ada.stream(of: asked.run, after: asked.last).types == ["stopped"])
            #expect(try await state(of: asked.run, ada, fixture) == .stopped)
            #expect(try await ada.decide(asked.run, ["call_id": "call_1", "decision": "approve"]).status == 409)
            #expect(try await ada.chat("never mind", in: asked.conversation).types.last == "done")
            #expect(try await ada.todos().count == 1)
        }
    }

    @Test(arguments: Driver.all) func aStopThatComesAsTheRunIsAboutToAskEndsIt(on driver: Driver) async throws {
        let person = StoppingPerson()
        let agent = Agent<UserContext>.asking(
            when: .when { _, _ in
                // Answered before the run asks, so that the stop finds nothing that waits.
                try await Task.detached { try await person.stop() }.value
                while !Task.isCancelled { await Task.yield() }
                return true
            })
        try await withQuestions(on: driver, ScriptedModel(Self.delete), agent: agent) { fixture, ada in
            let user = try await ada.send(.get, "/api/auth/verify").json["id"]?.string ?? ""
            person.acts {
                let run = try await fixture.database.read { try $0.one("SELECT id FROM runs WHERE owner = \(user)")?.text("id") }
                #expect(try await ada.status(.post, "/api/runs/\(run ?? "")/stop") == 202)
            }
            let events = try await ada.chat("delete 1")
            #expect(events.types == ["start", "tool_call", "approval", "stopped"])
            #expect(try await state(of: events.run, ada, fixture) == .stopped)
            #expect(try await ada.todos().count == 1)
        }
    }

    @Test(arguments: Driver.all) func aRunWaitsOverARestartAndGoesOnWithoutRepeatingAnything(on driver: Driver) async throws {
        let model = ScriptedModel(.calls(("add_todo", #"{"title":"Eggs"}"#), ("delete_todo", #"{"id":1}"#)), .text("Done."))
        try await withDatabase(on: driver) { database in
            let seen = Mutex<[JSONValue]>([])
            try await ChatFixture(database, model: model, agent: .asking, limits: ChatLimits()).serve { ada in
                _ = try await ada.register("ada")
                _ = try await ada.send(.post, "/api/todos", ["title": "Milk"])
                let events = try await ada.chat("eggs for milk")
                seen.withLock { $0 = events }
            }
            let asked = seen.withLock { $0 }
            #expect(asked.types.last == "approval")
            let second = try await ChatFixture(database, model: model, agent: .asking, limits: ChatLimits())
            try await second.service.takeUpAbandoned()
            try await second.serve { ada in
                _ = try await ada.signIn("ada")
                #expect(try await ada.stream(of: asked.run) == asked)
                #expect(try await ada.decide(asked.run, ["call_id": "call_2", "decision": "approve"]).status == 202)
                #expect(try await ada.stream(of: asked.run).types.last == "done")
                #expect(try await ada.todos().map { $0["title"] } == ["Eggs"])
            }
        }
        #expect(model.requests.count == 2)
    }

    @Test(arguments: Driver.all) func runsThatWaitHoldNoPlaceAndTakeOneToGoOn(on driver: Driver) async throws {
        let gate = Gate()
        let slow = ScriptedModel.Step.respond { _ in
            try await gate.wait()
            return .said("Done.")
        }
        try await withQuestions(on: driver, ScriptedModel(Self.delete, Self.delete, slow, slow, .text("Gone."))) { _, ada in
            let first = try await ada.chat("one")
            _ = try await ada.chat("two")
            async let third = ada.chat("three")
            async let fourth = ada.chat("four")
            while try await ada.send(.get, "/api/conversations").json["data"]?.array?.count != 4 { await Task.yield() }
            let approve: JSONValue = ["call_id": "call_1", "decision": "approve"]
            let refused = try await ada.decide(first.run, approve)
            #expect(refused.status == 429)
            #expect(refused.headers[.retryAfter] != nil)
            gate.open()
            _ = try await (third, fourth)
            #expect(try await ada.stream(of: first.run) == first)
            #expect(try await ada.decide(first.run, approve).status == 202)
            #expect(try await ada.stream(of: first.run).types.last == "done")
        }
    }

    @Test func aCallWithinAnAgentIsDecidedByItsWholeID() async throws {
        let inner = ScriptedModel(.call("delete_todo", #"{"id":1}"#, id: "in"), .text("Deleted."))
        var helper = Agent<UserContext>.asking
        helper.name = "Helper"
        helper.model = inner
        let outer = Agent(name: "Assistant", tools: [helper.asTool(name: "help", description: "Helps.")])
        let model = ScriptedModel(.call("help", #"{"input":"delete 1"}"#, id: "out"), .text("Gone."))
        try await withQuestions(on: .sqlite, model, agent: outer) { _, ada in
            let asked = try await ada.chat("delete 1")
            #expect(asked.last?["calls"]?.array?.map { $0["call_id"] } == ["out/in"])
            #expect(try await ada.decide(asked.run, ["call_id": "in", "decision": "approve"]).status == 422)
            #expect(try await ada.decide(asked.run, ["call_id": "out/in", "decision": "approve"]).status == 202)
            #expect(try await ada.stream(of: asked.run).types.last == "done")
            #expect(try await ada.todos().isEmpty)
        }
        #expect(inner.requests.count == 2)
    }

    @Test func r087_theSixthDeletionOfARunWaitsForAPerson() async throws {
        let calls = (1...7).map { Item.FunctionCall(callID: "call_\($0)", name: "delete_todo", arguments: #"{"id":\#($0)}"#) }
        let model = ScriptedModel(.calls(calls), .text("Gone."))
        try await withQuestions(on: .sqlite, model, agent: Agent(name: "Assistant", tools: TodoTools().tools)) { _, ada in
            for number in 2...7 { _ = try await ada.send(.post, "/api/todos", ["title": .string("Todo \(number)")]) }
            let asked = try await ada.chat("delete all")
            #expect(asked.last?["calls"]?.array?.map { $0["arguments"] } == [#"{"id":6}"#, #"{"id":7}"#])
            #expect(try await ada.todos().count == 2)
            #expect(try await ada.decide(asked.run, ["call_id": "call_6", "decision": "approve", "always": true]).status == 202)
            #expect(try await ada.stream(of: asked.run).types.last == "done")
            #expect(try await ada.todos().isEmpty)
        }
    }

    private func state(of run: String, _ person: Browser, _ fixture: ChatFixture) async throws -> RunState? {
        let user = try await person.send(.get, "/api/auth/verify").json["id"]?.string ?? ""
        return try await RunStore(database: fixture.database).run(run, owner: user)?.state
    }
}

/// Somebody who stops a run when they are told to.
private final class StoppingPerson: Sendable {
    private let act = Mutex<(@Sendable () async throws -> Void)?>(nil)

    func acts(_ act: @escaping @Sendable () async throws -> Void) { self.act.withLock { $0 = act } }

    func stop() async throws { try await act.withLock { $0 }?() }
}

/// Ada, who has one todo, and an assistant that deletes nothing without asking her.
private func withQuestions(
    on driver: Driver,
    _ steps: ScriptedModel.Step...,
    body: @escaping @Sendable (ChatFixture, Browser) async throws -> Void
) async throws {
    try await withQuestions(on: driver, ScriptedModel(steps), body: body)
}

private func withQuestions(
    on driver: Driver,
    _ model: any Model,
    agent: Agent<UserContext> = .asking,
    body: @escaping @Sendable (ChatFixture, Browser) async throws -> Void
) async throws {
    try await withDatabase(on: driver) { database in
        let fixture = try await ChatFixture(database, model: model, agent: agent, limits: ChatLimits())
        try await fixture.serve { browser in
            _ = try await browser.register("ada")
            _ = try await browser.send(.post, "/api/todos", ["title": "Milk"])
            try await body(fixture, browser)
        }
    }
}

extension Agent<UserContext> {
    /// Asks before it deletes.
    fileprivate static var asking: Agent { asking(when: .always) }

    fileprivate static func asking(when rule: ApprovalRule<UserContext>) -> Agent {
        let tools = TodoTools().tools.map { tool in
            var tool = tool
            if tool.name == "delete_todo" { tool.needsApproval = rule }
            return tool
        }
        return Agent(name: "Assistant", tools: tools)
    }
}

extension Browser {
    fileprivate func decide(_ run: String, _ decision: JSONValue) async throws -> Answer {
        try await send(.post, "/api/runs/\(run)/approvals", decision)
    }

    /// The rest of a run, behind an event; without text that was streamed in pieces twice.
    fileprivate func stream(of run: String, after event: JSONValue? = nil) async throws -> [JSONValue] {
        let headers: HTTPFields = event?["id"]?.string.map { [.lastEventID: $0] } ?? [:]
        return try await send(.get, "/api/runs/\(run)/events", nil, headers).events
    }

    fileprivate func todos() async throws -> [JSONValue] {
        try await send(.get, "/api/todos").json["data"]?.array ?? []
    }
}

extension [JSONValue] {
    fileprivate var run: String { first?["run_id"]?.string ?? "" }
    fileprivate var conversation: String { first?["conversation_id"]?.string ?? "" }
}
