import AgentRuntime
import Foundation
import Testing

/// What a person may use in a day, as an operator sets it.
@Suite(.timeLimit(.minutes(2))) struct DailyLimitTests {
    /// A token costs a millionth, and each answer has 17.
    @Test(arguments: ["TOKENS", "MONEY"]) func theLimitOfADayHoldsAlsoAfterARestart(currency: String) async throws {
        let folder = RunningServer.temporaryFolder()
        let prompts = folder.appending(path: "prompts")
        try FileManager.default.createDirectory(at: prompts, withIntermediateDirectories: true)
        try Data("---\nname: Assistant\n---\nYou answer.\n".utf8).write(to: prompts.appending(path: "assistant.md"))
        try Data(#"{"scripted": {"input": 1, "output": 1}}"#.utf8).write(to: folder.appending(path: "prices.json"))
        try await ScriptedServer.serving(Array(repeating: .said("Hello."), count: 60)) { model, url in
            let environment = [
                "OPENAI_BASE_URL": url + "/v1", "OPENAI_API_KEY": "sk-test", "AGENT_MODEL": "scripted", "AGENT_MODEL_API": "chat",
                "AGENT_PRICES": folder.appending(path: "prices.json").path,
                "AGENT_LIMITS_\(currency)_PER_DAY": currency == "TOKENS" ? "500" : "0.0005",
            ]
            let first = try RunningServer(in: folder, prompts: prompts, environment: environment)
            defer { first.kill() }
            try await first.ready()
            let ada = HTTPClient(first.url)
            _ = try await ada.post("/api/auth/register", person("ada"))
            var ends: [JSONValue] = []
            while ends.last?["type"] != "error", ends.count < 40 { ends.append(try #require(try await ada.chat("Hi").last)) }
            #expect(ends.first?["type"] == "done")
            #expect(ends.last?["code"] == "budget_exceeded")
            let answered = ends.count - 1
            #expect((1...29).contains(answered), "17 tokens each")
            #expect(model.received("/v1/chat/completions").count == answered)
            #expect(first.terminate() == 0)

            let second = try RunningServer(in: folder, prompts: prompts, environment: environment)
            defer { second.kill() }
            try await second.ready()
            let (again, bob) = (HTTPClient(second.url), HTTPClient(second.url))
            #expect(try await again.post("/api/auth/login", ["email": "ada@example.org", "password": "seven quiet lanterns"]).status == 200)
            #expect(try await again.chat("Hi").last?["code"] == "budget_exceeded")
            _ = try await bob.post("/api/auth/register", person("bob"))
            #expect(try await bob.chat("Hi").last?["type"] == "done")
        }
    }

    private func person(_ name: String) -> JSONValue {
        ["email": .string("\(name)@example.org"), "name": .string(name), "password": "seven quiet lanterns"]
    }
}
