import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Synchronization
import Testing

@testable import Gateway

@Suite struct ChatTests {
    @Test(arguments: Driver.all) func aMessageIsAnsweredWithEventsInTheirOrder(on driver: Driver) async throws {
        let model = ScriptedModel(.call("add_todo", #"{"title":"Milk"}"#), .text("Added milk."))
        try await withChat(on: driver, model) { _, ada in
            let events = try await ada.chat("add milk")
            #expect(events.types == ["start", "tool_call", "tool_result", "delta", "delta", "done"])
            #expect(events.streamedText == "Added milk.")
            #expect(events.last?["output"] == "Added milk.")
            #expect(events.last?["usage"]?["requests"] == 2)
            let ids = events.compactMap { $0["id"]?.string.flatMap { Int($0) } }
            #expect(ids.count == events.count && ids == ids.sorted() && Set(ids).count == ids.count)
            #expect(try await ada.send(.get, "/api/todos").json["data"]?.array?.first?["title"] == "Milk")
        }
    }

    @Test(arguments: Driver.all) func theModelSeesTheMessageUnchangedAndTheConversationBeforeIt(on driver: Driver) async throws {
        let model = ScriptedModel(.call("add_todo", #"{"title":"Milk"}"#), .text("Added."), .text("Milk is left."))
        try await withChat(on: driver, model) { _, ada in
            let first = try await ada.chat("  add milk\n")
            _ = try await ada.chat("what's left?", in: first.first?["conversation_id"]?.string)
            let input = model.requests[2].input
            #expect(input.first == .user("  add milk\n"))
            #expect(input.last == .user("what's left?"))
            #expect(input.count == 5)
        }
    }

    @Test(arguments: Driver.all) func aDecidedEventIsStoredBeforeItIsSent(on driver: Driver) async throws {
        let seen = Mutex<[Bool]>([])
        let model = ScriptedModel(.call("add_todo", #"{"title":"Milk"}"#), .text("Added."))
        try await withChat(on: driver, model) { fixture, ada in
            let user = try await ada.send(.get, "/api/auth/verify").json["id"]?.string ?? ""
            let events = try await ada.chat("add milk")
            let run = events.first?["run_id"]?.string ?? ""
            let stored = Set(try await RunStore(database: fixture.database).events(of: run, owner: user).map(\.id))
            for event in events where event["type"] != "delta" {
                seen.withLock { $0.append(event["id"]?.string.flatMap { Int64($0) }.map(stored.contains) ?? false) }
            }
        }
        #expect(seen.withLock { $0 }.count == 4 && seen.withLock { $0 }.allSatisfy { $0 })
    }

    @Test(arguments: Driver.all) func leavingTheStreamDoesNotStopTheRun(on driver: Driver) async throws {
        let gate = Gate()
        let model = ScriptedModel(
            .respond { _ in
                try await gate.wait()
                return .said("Here you are.")
            })
        try await withChat(on: driver, model) { _, ada in
            let chat = Task { try await ada.chat("hello", key: "k1") }
            let run = try await activeRun(of: ada)
            chat.cancel()
            gate.open()
            let events = try await ada.send(.get, "/api/runs/\(run)/events").events
            #expect(events.types.last == "done")
            #expect(events.last?["output"] == "Here you are.")
        }
    }

    @Test(arguments: Driver.all) func r091_stoppingEndsTheRunAndKeepsWhatWasSaid(on driver: Driver) async throws {
        let gate = Gate()
        let model = PausingModel(says: "Half an ans", until: gate)
        try await withChat(on: driver, model) { _, ada in
            async let chat = ada.chat("hello")
            let run = try await activeRun(of: ada)
            try await model.hasSpoken.wait()
            #expect(try await ada.status(.post, "/api/runs/\(run)/stop") == 202)
            let events = try await chat
            #expect(events.types.last == "stopped")
            #expect(try await ada.status(.post, "/api/runs/\(run)/stop") == 202)

            let conversation = events.first?["conversation_id"]?.string ?? ""
            let messages = try await ada.send(.get, "/api/conversations/\(conversation)").json["messages"]?.array ?? []
            #expect(messages.last?["text"] == "Half an ans")
            #expect(messages.last?["status"] == "partial")
        }
    }

    @Test(arguments: Driver.all) func aSecondMessageWaitsForTheFirst(on driver: Driver) async throws {
        let gate = Gate()
        let model = ScriptedModel(
            .respond { _ in
                try await gate.wait()
                return .said("Done.")
            })
        try await withChat(on: driver, model) { _, ada in
            async let chat = ada.chat("one")
            let run = try await activeRun(of: ada)
            let conversation = try await ada.send(.get, "/api/conversations").json["data"]?.array?.first?["id"] ?? .null
            let refused = try await ada.send(.post, "/api/chat", ["message": "two", "conversation_id": conversation])
            #expect(refused.status == 409)
            #expect(refused.json["run_id"] == .string(run))
            gate.open()
            let events = try await chat
            #expect(events.types.last == "done")
        }
    }

    @Test(arguments: Driver.all) func r061_theSameIdempotencyKeyGivesTheSameRunFromItsStart(on driver: Driver) async throws {
        let model = ScriptedModel(.text("Once."))
        try await withChat(on: driver, model) { _, ada in
            let first = try await ada.chat("hello", key: "key-1")
            let second = try await ada.chat("hello", key: "key-1")
            #expect(first.filter { $0["type"] != "delta" } == second.filter { $0["type"] != "delta" })
            #expect(first.streamedText == second.streamedText)
            #expect(model.requests.count == 1)
            let other = try await ada.send(.post, "/api/chat", ["message": "another"], [.idempotencyKey: "key-1"])
            #expect(other.status == 422)
        }
    }

    @Test(arguments: Driver.all) func r083_cuttingTheStreamAtEveryEventAndResumingGivesTheUncutStream(on driver: Driver) async throws {
        let model = ScriptedModel(.call("add_todo", #"{"title":"Milk"}"#), .text("Added milk to your list."))
        try await withChat(on: driver, model) { _, ada in
            let uncut = try await ada.chat("add milk")
            let run = uncut.first?["run_id"]?.string ?? ""
            for cut in uncut.indices {
                let id = uncut[cut]["id"]?.string ?? ""
                let rest = try await ada.send(.get, "/api/runs/\(run)/events", nil, [.lastEventID: id]).events
                #expect(Array(uncut[...cut]) + rest == uncut)
            }
            #expect(model.requests.count == 2)
        }
    }

    @Test(arguments: Driver.all) func r083_cuttingAStreamOf200EventsAnywhereAndResumingAsksTheModelOnce(on driver: Driver) async throws {
        let model = ScriptedModel([.text(String(repeating: "word ", count: 198))], pieceLength: 5)
        try await withChat(on: driver, model) { _, ada in
            let uncut = try await ada.chat("talk")
            #expect(uncut.count == 200)
            let run = uncut.first?["run_id"]?.string ?? ""
            for cut in uncut.indices {
                let rest = try await ada.events(of: run, after: uncut[cut].cursor)
                #expect(rest == Array(uncut[(cut + 1)...]))
            }
            #expect(model.requests.count == 1)
        }
    }

    @Test(arguments: ["-1", "abc", "99999999", "1e3", "٣", "9223372036854775808", "", "1 2"])
    func r083_anIdThatTheRunCannotHaveGivenOutIsRefused(id: String) async throws {
        try await withChat(ScriptedModel(.text("Hi."))) { _, ada in
            let run = try await ada.chat("hello").first?["run_id"]?.string ?? ""
            #expect(try await ada.send(.get, "/api/runs/\(run)/events", nil, [.lastEventID: id]).status == 400)
        }
    }

    @Test(arguments: Driver.all) func r050_r051_nobodyElseSeesARunOrAConversation(on driver: Driver) async throws {
        try await withChat(on: driver, ScriptedModel(.text("Secret."))) { _, ada in
            let events = try await ada.chat("hello")
            let run = events.first?["run_id"]?.string ?? ""
            let conversation = events.first?["conversation_id"]?.string ?? ""
            let eve = ada.another()
            _ = try await eve.register("eve")
            #expect(try await eve.status(.get, "/api/runs/\(run)/events") == 404)
            #expect(try await eve.status(.post, "/api/runs/\(run)/stop") == 404)
            #expect(try await eve.status(.get, "/api/conversations/\(conversation)") == 404)
            #expect(try await eve.status(.delete, "/api/conversations/\(conversation)") == 404)
            #expect(try await eve.send(.post, "/api/chat", ["message": "hi", "conversation_id": .string(conversation)]).status == 404)
            let stranger = ada.another()
            #expect(try await stranger.status(.post, "/api/chat") == 401)
            #expect(try await stranger.status(.get, "/api/runs/\(run)/events") == 401)
        }
    }

    @Test(arguments: [
        (#"{}"#, 422, "message"), (#"{"message":""}"#, 422, "message"), (#"{"message":"  \n "}"#, 422, "message"),
        (#"{"message":7}"#, 422, "message"),
        (#"{"message":"hi","user_id":"x"}"#, 422, "user_id"), (#"{"message":"hi","time_zone":"Mars/Olympus"}"#, 422, "time_zone"),
        (#"{"message":"hi","time_zone":"../../etc/passwd"}"#, 422, "time_zone"),
    ])
    func aMessageThatCannotBeTakenIsRefusedByItsField(body: String, status: Int, field: String) async throws {
        try await withChat(ScriptedModel()) { _, ada in
            let answer = try await ada.send(.post, "/api/chat", body: body, [.contentType: "application/json"])
            #expect(answer.status == status)
            #expect(answer.faults == [field])
        }
    }

    @Test func r059_theLengthOfAMessageIsCountedInCodePoints() async throws {
        try await withChat(ScriptedModel(.text("Long."))) { _, ada in
            let longest = String(repeating: "\u{1F600}", count: 16_000)
            let events = try await ada.chat(longest)
            #expect(events.types.last == "done")
            let refused = try await ada.send(.post, "/api/chat", ["message": .string(longest + "x")])
            #expect(refused.status == 422)
        }
    }

    @Test(arguments: Driver.all) func r082_r101_aModelFailureEndsTheStreamWithAnErrorAndTheConversationGoesOn(on driver: Driver) async throws {
        let model = ScriptedModel(.error(ModelError.http(status: 429, message: "canary", retryAfter: nil)), .text("Back again."))
        try await withChat(on: driver, model) { _, ada in
            let failed = try await ada.chat("hello")
            #expect(failed.types == ["start", "error"])
            #expect(failed.last?["code"] == "model_busy")
            #expect(failed.last?["retry"] == true)
            #expect(failed.last?["message"]?.string?.contains("canary") == false)
            let second = try await ada.chat("hello?", in: failed.first?["conversation_id"]?.string)
            #expect(second.types.last == "done")
        }
    }

    @Test(arguments: Driver.all) func r082_r088_aRunThatTakesTooLongIsEnded(on driver: Driver) async throws {
        let clock = ManualClock()
        let model = PausingModel(says: "Slow", until: Gate())
        try await withChat(on: driver, model, limits: ChatLimits(runTime: .seconds(120), heartbeat: .seconds(1_000)), clock: clock) { _, ada in
            async let chat = ada.chat("hello")
            try await model.hasSpoken.wait()
            await clock.untilSleeping(3)
            clock.advance(by: .seconds(121))
            let events = try await chat
            #expect(events.types.last == "error")
            #expect(events.last?["code"] == "limit_reached")
        }
    }

    @Test(arguments: Driver.all) func r088_onlySoManyRunsOfOnePersonAreUnderWay(on driver: Driver) async throws {
        let gate = Gate()
        let model = ScriptedModel(
            (0..<3).map { _ in
                .respond { _ in
                    try await gate.wait()
                    return .said("Done.")
                }
            })
        try await withChat(on: driver, model) { _, ada in
            async let one = ada.chat("one")
            async let two = ada.chat("two")
            while try await ada.send(.get, "/api/conversations").json["data"]?.array?.count != 2 { await Task.yield() }
            let third = try await ada.send(.post, "/api/chat", ["message": "three"])
            #expect(third.status == 429)
            #expect(third.headers[.retryAfter] != nil)
            gate.open()
            let answers = try await [one, two]
            #expect(answers.map(\.types.last) == ["done", "done"])
        }
    }

    @Test(arguments: Driver.all) func theConversationShowsEachCallWithItsOutcome(on driver: Driver) async throws {
        let model = ScriptedModel(.calls(("add_todo", #"{"title":"Milk"}"#), ("complete_todo", #"{"id":9}"#)), .text("Half done."))
        try await withChat(on: driver, model) { _, ada in
            let conversation = try await ada.chat("add milk, and 9 is done").first?["conversation_id"]?.string ?? ""
            let messages = try await ada.send(.get, "/api/conversations/\(conversation)").json["messages"]?.array ?? []
            #expect(messages.map { $0["role"] } == ["user", "assistant"])
            #expect(messages.map { $0["seq"] } == [1, 2])
            #expect(messages.last?["status"] == "complete")
            #expect(messages.last?["calls"]?.array?.map { $0["status"] } == ["ok", "failed"])
            #expect(messages.last?["text"] == "Half done.")
        }
    }

    @Test(arguments: Driver.all) func aDeletedConversationIsGoneWithItsRun(on driver: Driver) async throws {
        let model = PausingModel(says: "Going on", until: Gate())
        try await withChat(on: driver, model) { _, ada in
            async let chat = ada.chat("hello")
            try await model.hasSpoken.wait()
            let conversation = try await ada.send(.get, "/api/conversations").json["data"]?.array?.first?["id"]?.string ?? ""
            #expect(try await ada.status(.delete, "/api/conversations/\(conversation)") == 204)
            #expect(try await ada.status(.get, "/api/conversations/\(conversation)") == 404)
            _ = try await chat
            #expect(try await ada.send(.get, "/api/conversations").json["data"]?.array?.isEmpty == true)
        }
    }

    /// The run of the person's one conversation, once it is accepted.
    private func activeRun(of person: Browser) async throws -> String {
        while true {
            let conversations = try await person.send(.get, "/api/conversations").json["data"]?.array ?? []
            if let id = conversations.first?["id"]?.string {
                return try await person.send(.get, "/api/conversations/\(id)").json["active_run"]?["id"]?.string ?? ""
            }
            await Task.yield()
        }
    }
}

/// Says something and then falls silent until a gate opens.
final class PausingModel: Model {
    let name = "pausing"
    let hasSpoken = Gate()
    private let text: String
    private let gate: Gate

    init(says text: String, until gate: Gate) {
        self.text = text
        self.gate = gate
    }

    func respond(to request: ModelRequest) -> ModelEvents {
        AsyncThrowingStream { [text, hasSpoken, gate] continuation in
            let work = Task {
                continuation.yield(.textDelta(text))
                hasSpoken.open()
                try await gate.wait()
                continuation.yield(.completed(.said(text)))
                continuation.finish()
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }
}
