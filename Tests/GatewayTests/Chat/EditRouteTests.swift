import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct EditRouteTests {
    @Test(arguments: Driver.all) func anEditedMessageStandsInPlaceOfTheOldOneAndOfAllThatCameAfterIt(
        on driver: Driver
    ) async throws {
        let model = ScriptedModel(
            .text("One."), .text("Two."), .text("Three."), .text("Four."), .text("Five."))
        try await withChat(on: driver, model) { _, ada in
            let first = try await ada.chat("first")
            let conversation = first.conversation
            let second = try await ada.chat("second", in: conversation)
            _ = try await ada.chat("third", in: conversation)
            let edited = try await ada.edit(conversation, second.message, "changed")
            #expect(edited.status == 200)
            #expect(edited.events.types == ["start", "delta", "done"])
            #expect(edited.events.run != second.run)
            #expect(model.requests[3].input == [.user("first"), .assistant("One."), .user("changed")])
            _ = try await ada.chat("fifth", in: conversation)
            #expect(
                model.requests[4].input == [
                    .user("first"), .assistant("One."), .user("changed"), .assistant("Four."), .user("fifth"),
                ])

            let messages = try await ada.messages(of: conversation)
            #expect(
                messages.map { $0["text"] } == [
                    "first", "One.", "second", "Two.", "third", "Three.", "changed", "Four.", "fifth",
                    "Five.",
                ])
            let gone = JSONValue.string("superseded")
            let here = JSONValue.string("complete")
            #expect(
                messages.map { $0["status"] } == [
                    here, here, gone, gone, gone, gone, here, here, here, here,
                ])
            // What was replaced can be read, and neither edited nor asked again.
            #expect(
                try await ada.send(.get, "/api/runs/\(second.run)/events").events.types.last == "done")
            #expect(try await ada.edit(conversation, second.message, "again").status == 409)
            #expect(try await ada.retry(conversation, second.message).status == 409)
        }
    }

    @Test(arguments: Driver.all, [true, false])
    func aMessageIsAskedAgainByItsOwnIdOrByThatOfItsAnswer(on driver: Driver, byAnswer: Bool)
        async throws
    {
        let model = ScriptedModel(.text("One."), .text("Two."), .text("Other."))
        try await withChat(on: driver, model) { _, ada in
            let conversation = try await ada.chat("first").conversation
            _ = try await ada.chat("  second\n", in: conversation)
            let messages = try await ada.messages(of: conversation)
            let id = messages[byAnswer ? 3 : 2]["id"]?.string ?? ""
            let again = try await ada.retry(conversation, id).events
            #expect(again.last?["output"] == "Other.")
            #expect(model.requests[2].input == [.user("first"), .assistant("One."), .user("  second\n")])
            let after = try await ada.messages(of: conversation)
            #expect(
                after.map { $0["status"] == "superseded" } == [false, false, true, true, false, false])
            #expect(after[4]["id"] == again.first?["message_id"])
        }
    }

    @Test(arguments: Driver.all) func theSameKeyGivesTheSameRun(on driver: Driver) async throws {
        let model = ScriptedModel(.text("One."), .text("Two."), .text("Three."))
        try await withChat(on: driver, model) { _, ada in
            let first = try await ada.chat("first")
            let edited = try await ada.edit(first.conversation, first.message, "changed", key: "e1")
                .events
            let repeated = try await ada.edit(first.conversation, first.message, "changed", key: "e1")
                .events
            #expect(repeated == edited)
            #expect(
                try await ada.edit(first.conversation, first.message, "otherwise", key: "e1").status == 422)
            let again = try await ada.retry(first.conversation, edited.message, key: "r1").events
            #expect(try await ada.retry(first.conversation, edited.message, key: "r1").events == again)
            #expect(model.requests.count == 3)
            #expect(try await ada.messages(of: first.conversation).count == 6)
        }
    }

    @Test(arguments: Driver.all) func whatCannotBeReplacedIsRefused(on driver: Driver) async throws {
        let gate = Gate()
        let slow = ScriptedModel.Step.respond { _ in
            try await gate.wait()
            return .said("Slow.")
        }
        try await withChat(on: driver, ScriptedModel(.text("One."), .text("Two."), slow)) { _, ada in
            let first = try await ada.chat("first")
            let other = try await ada.chat("other")
            let conversation = first.conversation
            let eve = ada.another()
            _ = try await eve.register("eve")
            #expect(try await eve.edit(conversation, first.message, "mine").status == 404)
            #expect(try await eve.retry(conversation, first.message).status == 404)
            for unknown in ["nothing", "nothing.0", ".0", "\(first.run).2", other.message] {
                #expect(try await ada.edit(conversation, unknown, "x").status == 404, "\(unknown)")
                #expect(try await ada.retry(conversation, unknown).status == 404, "\(unknown)")
            }
            let answer = try await ada.edit(conversation, "\(first.run).1", "my words")
            #expect(answer.status == 422)
            #expect(answer.faults == ["message_id"])
            for (body, faults) in [
                ([:], ["message_id", "message"]),
                (["message_id": .string(first.message), "message": " "], ["message"]),
            ]
                as [(JSONValue, [String])]
            {
                let refused = try await ada.send(.post, "/api/conversations/\(conversation)/edit", body)
                #expect(refused.status == 422)
                #expect(refused.faults == faults)
            }
            #expect(
                try await ada.send(.post, "/api/conversations/\(conversation)/retry", ["message_id": 7])
                    .status == 422)

            async let chat = ada.chat("wait", in: conversation)
            while try await ada.send(.get, "/api/conversations/\(conversation)").json["active_run"] == nil { await Task.yield() }
            let busy = try await ada.edit(conversation, first.message, "now")
            #expect(busy.status == 409)
            #expect(busy.json["run_id"] != nil)
            gate.open()
            let events = try await chat
            #expect(events.types.last == "done")
            #expect(try await ada.messages(of: conversation).allSatisfy { $0["status"] == "complete" })
        }
    }

    @Test(arguments: Driver.all) func ofEditsThatRaceOneIsMade(on driver: Driver) async throws {
        let model = ScriptedModel((0..<9).map { .text("Answer\($0).") })
        try await withChat(on: driver, model) { _, ada in
            let first = try await ada.chat("first")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        try await ada.edit(first.conversation, first.message, "edit \(number)").status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 409, 409, 409])
            #expect(
                try await ada.messages(of: first.conversation).filter { $0["status"] != "superseded" }.count
                    == 2)
        }
    }
}

extension Browser {
    fileprivate func edit(
        _ conversation: String, _ message: String, _ text: String, key: String? = nil
    ) async throws -> Answer {
        try await send(
            .post, "/api/conversations/\(conversation)/edit",
            ["message_id": .string(message), "message": .string(text)],
            key.map { [.idempotencyKey: $0] } ?? [:])
    }

    fileprivate func retry(_ conversation: String, _ message: String, key: String? = nil) async throws
        -> Answer
    {
        try await send(
            .post, "/api/conversations/\(conversation)/retry", ["message_id": .string(message)],
            key.map { [.idempotencyKey: $0] } ?? [:])
    }

    fileprivate func messages(of conversation: String) async throws -> [JSONValue] {
        try await send(.get, "/api/conversations/\(conversation)").json["messages"]?.array ?? []
    }
}

extension [JSONValue] {
    fileprivate var run: String { first?["run_id"]?.string ?? "" }
    fileprivate var conversation: String { first?["conversation_id"]?.string ?? "" }
    fileprivate var message: String { first?["message_id"]?.string ?? "" }
}
