import AgentRuntime
import Foundation
import Testing

/// Calls that wait for a person, against the built program.
@Suite(.serialized) struct ApprovalTests {
    private let person: JSONValue = ["email": "ada@example.com", "password": "correct horse battery", "name": "Ada"]

    @Test func aQuestionOutlivesTheServerAndIsDecidedAtTheNext() async throws {
        let folder = RunningServer.temporaryFolder()
        let prompts = try carefulPrompts(in: folder)
        let first = try RunningServer(in: folder, prompts: prompts)
        try await first.ready()
        let client = HTTPClient(first.url)
        #expect(try await client.post("/api/auth/register", person).status == 201)
        #expect(try await client.post("/api/todos", ["title": "Milk"]).status == 201)
        let asked = try await client.chat("delete milk")
        #expect(asked.last?["type"] == "approval")
        let run = try #require(asked.first?["run_id"]?.string)
        let call = try #require(asked.last?["calls"]?.array?.first?["call_id"]?.string)
        first.kill()

        let second = try RunningServer(in: folder, prompts: prompts)
        defer { second.kill() }
        try await second.ready()
        let again = HTTPClient(second.url)
        #expect(try await again.post("/api/auth/login", ["email": "ada@example.com", "password": "correct horse battery"]).status == 200)
        #expect(try await again.events("GET", "/api/runs/\(run)/events") == asked)
        #expect(try await again.get("/api/todos").json["data"]?.array?.count == 1)
        #expect(try await again.post("/api/runs/\(run)/approvals", ["call_id": .string(call), "decision": "approve"]).status == 202)
        let whole = try await again.events("GET", "/api/runs/\(run)/events")
        #expect(Array(whole.prefix(asked.count)) == asked)
        #expect(whole.last?["type"] == "done")
        #expect(try await again.get("/api/todos").json["data"]?.array?.isEmpty == true)
    }

    /// The prompts of the package, with an assistant that asks before it deletes.
    private func carefulPrompts(in folder: URL) throws -> URL {
        let prompts = folder.appending(path: "prompts")
        try FileManager.default.copyItem(at: RunningServer.prompts, to: prompts)
        let file = prompts.appending(path: "assistant.md")
        var text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: "---\n"))
        text.insert(contentsOf: "needs_approval: [delete_todo]\n", at: start.upperBound)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return prompts
    }
}
