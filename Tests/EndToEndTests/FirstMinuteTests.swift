import AgentRuntime
import Foundation
import Testing

/// What a new user does first, against the built program.
@Suite(.serialized) struct FirstMinuteTests {
    private let person: JSONValue = ["email": "ada@example.com", "password": "correct horse battery", "name": "Ada"]

    @Test func aPersonRegistersChatsAndFindsTheTodosOverHTTP() async throws {
        let server = try RunningServer()
        defer { server.kill() }
        try await server.ready()
        let client = HTTPClient(server.url)

        #expect(try await client.get("/api/auth/verify").status == 401)
        #expect(try await client.post("/api/auth/register", person).status == 201)
        #expect(try await client.get("/api/auth/verify").json["name"] == "Ada")

        let events = try await client.chat("add milk and eggs for tomorrow")
        #expect(events.first?["type"] == "start")
        #expect(events.last?["type"] == "done")
        #expect(events.filter { $0["type"] == "tool_call" }.map { $0["name"] } == ["add_todo", "add_todo"])
        #expect(events.filter { $0["type"] == "tool_result" }.allSatisfy { $0["status"] == "ok" })

        let todos = try await client.get("/api/todos").json["data"]?.array ?? []
        #expect(Set(todos.compactMap { $0["title"]?.string?.lowercased() }) == ["milk", "eggs"])
        #expect(todos.allSatisfy { $0["due"]?.string != nil })

        let conversation = try #require(events.first?["conversation_id"]?.string)
        let answer = try await client.chat("what's left?", in: conversation)
        #expect(answer.last?["output"]?.string?.lowercased().contains("milk") == true)
        let read = try await client.get("/api/conversations/\(conversation)").json
        #expect(read["messages"]?.array?.count == 4)

        #expect(try await client.post("/api/auth/logout").status == 204)
        #expect(try await client.get("/api/todos").status == 401)
    }

    @Test func r117_everythingIsStillThereAfterTheServerWasKilled() async throws {
        let folder = RunningServer.temporaryFolder()
        let first = try RunningServer(in: folder)
        try await first.ready()
        let client = HTTPClient(first.url)
        #expect(try await client.post("/api/auth/register", person).status == 201)
        #expect(try await client.chat("add bread").last?["type"] == "done")
        first.kill()

        let second = try RunningServer(in: folder)
        defer { second.kill() }
        try await second.ready()
        let again = HTTPClient(second.url)
        #expect(try await again.post("/api/auth/login", ["email": "ada@example.com", "password": "correct horse battery"]).status == 200)
        #expect(try await again.get("/api/todos").json["data"]?.array?.first?["title"]?.string?.lowercased() == "bread")
        #expect(try await again.get("/api/conversations").json["data"]?.array?.count == 1)
    }

    @Test func cuttingTheStreamDoesNotStopTheRun() async throws {
        let server = try RunningServer()
        defer { server.kill() }
        try await server.ready()
        let client = HTTPClient(server.url)
        #expect(try await client.post("/api/auth/register", person).status == 201)

        let body: JSONValue = ["message": "add milk, bread and eggs"]
        let seen = try await client.events("POST", "/api/chat", body, upTo: 1)
        let run = try #require(seen.first?["run_id"]?.string)
        let events = try await client.events("GET", "/api/runs/\(run)/events")
        #expect(events.last?["type"] == "done")
        #expect(try await client.get("/api/todos").json["data"]?.array?.count == 3)
    }

    @Test func r114_theServerEndsCleanlyWhenItIsAsked() async throws {
        let server = try RunningServer()
        try await server.ready()
        #expect(server.terminate() == 0)
    }

    @Test func r053_aStrangerCanReadNothingOfAPerson() async throws {
        let server = try RunningServer()
        defer { server.kill() }
        try await server.ready()
        let ada = HTTPClient(server.url)
        let eve = HTTPClient(server.url)
        #expect(try await ada.post("/api/auth/register", person).status == 201)
        #expect(
            try await eve.post("/api/auth/register", ["email": "eve@example.com", "password": "another long secret", "name": "Eve"]).status == 201)
        let events = try await ada.chat("add a secret surprise")
        let conversation = try #require(events.first?["conversation_id"]?.string)
        let run = try #require(events.first?["run_id"]?.string)

        #expect(try await eve.get("/api/todos").json["data"]?.array?.isEmpty == true)
        #expect(try await eve.get("/api/todos/1").status == 404)
        #expect(try await eve.get("/api/conversations/\(conversation)").status == 404)
        #expect(try await eve.get("/api/runs/\(run)/events").status == 404)
        #expect(try await eve.post("/api/runs/\(run)/stop").status == 404)
        #expect(try await eve.get("/api/conversations").json["data"]?.array?.isEmpty == true)
    }
}
