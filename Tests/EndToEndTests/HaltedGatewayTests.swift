import AgentRuntime
import DatabaseFixtures
import Foundation
import Testing

/// Two gateways over one PostgreSQL, as processes.
@Suite struct HaltedGatewayTests {
    @Test(.timeLimit(.minutes(5))) func aGatewayThatSleepsOverTheEndOfItsLeaseChangesNothingAndItsReaderIsTold() async throws {
        let postgres = try await PostgresServer.start()
        let model = try HaltingModel()
        let environment = [
            "AGENT_DATABASE": "postgres://agent@/postgres?host=\(postgres.folder)&port=\(postgres.port)&readers=2&allow_fsync_off=true",
            "AGENT_SECRET": "a secret of the tests that is long enough to sign with",
            "OPENAI_BASE_URL": model.url + "/v1", "OPENAI_API_KEY": "none", "AGENT_MODEL": "m", "AGENT_MODEL_API": "chat",
        ]
        let sleeper = try RunningServer(environment: environment)
        try await sleeper.ready()
        let other = try RunningServer(environment: environment)
        try await other.ready()
        let account: JSONValue = ["email": "ada@example.org", "name": "Ada", "password": "seven quiet lanterns"]
        let (here, there) = (HTTPClient(sleeper.url), HTTPClient(other.url))
        #expect(try await here.post("/api/auth/register", account).status == 201)
        #expect(try await there.post("/api/auth/login", ["email": "ada@example.org", "password": "seven quiet lanterns"]).status == 200)

        async let chat = here.chat("add milk")
        let run = try await Self.run(of: there)
        // Until the model has begun: its words are stored within a quarter of a second.
        _ = try await there.events("GET", "/api/runs/\(run)/events", upTo: 2)
        sleeper.signal(SIGSTOP)
        let followed = try await there.events("GET", "/api/runs/\(run)/events")
        #expect(followed.compactMap { $0["type"]?.string } == ["start", "delta", "restart", "tool_call", "tool_result", "delta", "done"])
        sleeper.signal(SIGCONT)
        _ = try await HTTPClient(model.url).get("/go")
        let seen = try await chat
        #expect(seen == followed)
        #expect(try await there.get("/api/todos").json["data"]?.array?.count == 1)
        // It lives, and takes messages again.
        #expect(try await here.chat("and again").last?["type"] == "done")
        #expect(sleeper.terminate() == 0)
        #expect(other.terminate() == 0)
    }

    private static func run(of person: HTTPClient) async throws -> String {
        while true {
            let conversations = try await person.get("/api/conversations").json["data"]?.array ?? []
            if let id = conversations.first?["id"]?.string {
                return try await person.get("/api/conversations/\(id)").json["active_run"]?["id"]?.string ?? ""
            }
        }
    }
}
