import AgentRuntime
import Foundation
import Testing

/// a whole run at the most talkative level tells nobody what is secret or what was said.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CanaryTests {
    private static func metrics(_ url: String, _ token: String) async throws -> String {
        let request = TransportRequest(url: url + "/metrics?q=canary-in-query", method: "GET", headers: ["Authorization": "Bearer \(token)"])
        return String(decoding: try await CurlTransport().send(request).body.collect(upTo: 1 << 20), as: UTF8.self)
    }

    @Test(arguments: ["info", "trace"]) func r077_r079_r110_nothingSecretIsInLogsMetricsOrTraces(level: String) async throws {
        let folder = RunningServer.temporaryFolder()
        let answers: [JSONValue] = [.called("add_todo", ["title": "canary-argument"]), .called("canary-tool", [:]), .said("canary-answer")]
        try await ScriptedServer.serving(answers) { model, url in
            let server = try RunningServer(
                in: folder,
                environment: [
                    "OPENAI_BASE_URL": url + "/v1", "OPENAI_API_KEY": "sk-canary-key", "AGENT_MODEL": "scripted", "AGENT_MODEL_API": "chat",
                    "OTEL_EXPORTER_OTLP_ENDPOINT": url + "/otel", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=canary-otel", "LOG_LEVEL": level,
                    "AGENT_SECRET": "canary-secret-that-is-long-enough-to-sign-with", "AGENT_METRICS_TOKEN": "canary-metrics-token",
                ])
            try await server.ready()
            let (client, stranger) = (HTTPClient(server.url), HTTPClient(server.url))
            _ = try await client.post(
                "/api/auth/register", ["email": "canary-address@example.org", "name": "canary-name", "password": "canary quiet lantern"])
            _ = try await stranger.post("/api/auth/login", ["email": "canary-unknown@example.org", "password": "canary wrong lantern"])
            _ = try await stranger.post("/api/auth/login", ["email": "canary-address@example.org", "password": "canary wrong lantern"])
            _ = try await client.post("/api/todos", ["title": "canary-title", "notes": "canary-notes"])
            _ = try await client.get("/api/todos?q=canary-query")
            _ = try await client.get("/canary-path/canary?canary=1")
            _ = try await client.post("/api/todos", ["canary-field": "canary-value"])
            let events = try await client.chat("canary-prompt")
            #expect(events.last?["type"] == "done", "\(events)")
            // The script is at its end, so that the model now answers with an error.
            #expect(try await client.chat("canary-second").last?["type"] == "error")
            let page = try await Self.metrics(server.url, "canary-metrics-token")
            #expect(page.contains("agent_http_requests_total"))
            let cookies = client.cookieValues
            #expect(cookies.count == 2)
            #expect(server.terminate() == 0)

            let asked = model.received("/v1/chat/completions")
            #expect(asked.allSatisfy { $0["authorization"] == "Bearer sk-canary-key" })
            #expect(!asked.contains { $0.body.contains("sk-canary-key") || $0.body.contains("canary-secret") })
            let traces = model.received("/otel/v1/traces").map(\.body).joined()
            #expect(traces.contains("execute_tool add_todo"))
            let log = try server.logText
            let refused = log.split(separator: "\n").compactMap { try? JSONValue(json: String($0)) }.filter { $0["event"] == "sign_in_refused" }
            #expect(refused.map { $0["client"] } == ["127.0.0.1", "127.0.0.1"])
            #expect(refused.allSatisfy { $0["request"]?.string?.isEmpty == false })
            #expect(refused.map { $0["user"]?.string?.isEmpty } == [nil, false], "an account is named by its id")
            // A tool that is not there is known by the name that the model made up; traces say so, labels and lines do not.
            let told = log + page + traces.replacing("canary-tool", with: "")
            for line in told.split(separator: "\n") where line.lowercased().contains("canary") { Issue.record("\(line.prefix(600))") }
            for cookie in cookies { #expect(!told.contains(cookie)) }
            for line in log.split(separator: "\n") { #expect((try? JSONValue(json: String(line))) != nil, "\(line)") }
        }
    }
}
