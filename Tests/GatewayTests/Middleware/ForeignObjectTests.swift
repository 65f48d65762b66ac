import AgentRuntime
import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

/// Every route that names something, asked for what belongs to somebody else.
@Suite struct ForeignObjectTests {
    /// What a request takes, so that it comes as far as the object.
    private static let bodies: [String: JSONValue] = [
        "changeTodo": ["title": "Mine"], "renameConversation": ["title": "Mine"], "retry": [:], "edit": ["message_id": "0", "message": "Mine"],
        "decide": ["call_id": "c", "decision": "approve"],
    ]

    @Test(arguments: Driver.all) func r050_whatIsSomebodyElsesIsAsAbsentAsWhatNobodyHas(on driver: Driver) async throws {
        try await withChat(on: driver, ScriptedModel([.text("Hello Ada")])) { fixture, ada in
            let events = try await ada.chat("Hello")
            for title in ["Milk", "Eggs"] { _ = try await ada.send(.post, "/api/todos", ["title": .string(title)]) }
            let session = try #require(try await ada.send(.get, "/api/auth/sessions").json["data"]?.array?.first?["id"]?.string)
            let ids = [
                "runs": try #require(events.first?["run_id"]?.string), "conversations": try #require(events.first?["conversation_id"]?.string),
                "todos": "2", "sessions": session, "tokens": try await Program(of: ada).id,
            ]
            let bob = ada.another()
            _ = try await bob.register("bob")
            _ = try await bob.send(.post, "/api/todos", ["title": "Bread"])
            let before = try await fixture.database.everyRow(on: driver)
            var asked: Set<String> = []
            for operation in APIOperation.all where operation.path.contains("{") {
                let id = try #require(ids.first { operation.path.contains("/\($0.key)/") }?.value, "\(operation.path)")
                let body = operation.body == nil ? nil : Self.bodies[operation.id, default: [:]]
                let parameter = operation.path.contains("{id}") ? "{id}" : "{number}"
                var answers: [JSONValue] = []
                for name in [id, "0190b5f0-0000-7000-8000-000000000000", "00000000-0000-0000-0000-000000000000", "x", "99"] {
                    let answer = try await bob.send(operation.method, operation.path.replacing(parameter, with: name), body)
                    #expect([404, Self.bodies[operation.id] == nil && body != nil ? 422 : 404].contains(answer.status), "\(operation.id) \(name)")
                    answers.append(answer.withoutInstance)
                }
                #expect(Set(answers).count == 1, "\(operation.id)")
                asked.insert(operation.id)
            }
            #expect(asked.count >= 13)
            #expect(try await fixture.database.everyRow(on: driver) == before)
        }
    }

    @Test(arguments: Driver.all) func r051_listsSearchesAndCursorsStayWithTheirOwner(on driver: Driver) async throws {
        try await withChat(on: driver, ScriptedModel((0..<4).map { .text("Answer \($0)") })) { _, ada in
            for _ in 0..<3 { _ = try await ada.chat("canary of Ada") }
            let mine = try await ada.send(.get, "/api/conversations?limit=1")
            let bob = ada.another()
            _ = try await bob.register("bob")
            let run = try #require(try await bob.chat("Hello of Bob").first?["run_id"]?.string)
            let after = try #require(mine.json["after"]?.string)
            for query in ["limit=100", "q=canary", "after=\(after)", "limit=1&after=\(after)"] {
                let answer = try await bob.send(.get, "/api/conversations?\(query)")
                #expect(answer.status == 200 && !answer.text.contains("canary"), "\(query)")
            }
            #expect(try await bob.send(.get, "/api/conversations").json["data"]?.array?.count == 1)
            // An id of an event means something in its own run alone.
            for id in ["1048580", "99999999"] {
                let answer = try await bob.send(.get, "/api/runs/\(run)/events", nil, [.lastEventID: id])
                #expect([200, 400].contains(answer.status) && !answer.text.contains("canary"))
            }
            let key: HTTPFields = [.idempotencyKey: "one"]
            #expect(try await ada.send(.post, "/api/todos", ["title": "canary"], key).status == 201)
            #expect(try await bob.send(.post, "/api/todos", ["title": "canary"], key).json["id"] == 1)
            #expect(try await bob.send(.get, "/api/todos?after=0").json["data"]?.array?.count == 1)
        }
    }
}
