import AgentRuntime
import Foundation
import Testing

/// What the built program sends to a collector of OpenTelemetry.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TraceExportTests {
    private let folder: URL

    init() throws {
        folder = RunningServer.temporaryFolder()
        let prompt = "---\nname: Assistant\ntools: [todos]\n---\nThe instruction.\n"
        try FileManager.default.createDirectory(at: folder.appending(path: "prompts"), withIntermediateDirectories: true)
        try Data(prompt.utf8).write(to: folder.appending(path: "prompts/assistant.md"))
    }

    private func environment(_ url: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            "OPENAI_BASE_URL": url + "/v1", "OPENAI_API_KEY": "sk-test", "AGENT_MODEL": "scripted", "AGENT_MODEL_API": "chat",
            "OTEL_EXPORTER_OTLP_ENDPOINT": url + "/otel/",
        ].merging(more) { _, new in new }
    }

    private func run(_ url: String, _ more: [String: String] = [:]) async throws -> AgentCall {
        try await AgentCall.run(["run", "--input", "The question."], in: folder, environment: environment(url, more))
    }

    private var answers: [JSONValue] { [.called("add_todo", ["title": "The argument."]), .said("The answer.")] }

    private func spans(_ server: ScriptedServer, at path: String = "/otel/v1/traces") -> [JSONValue] {
        server.received(path).flatMap { request in
            (request.json["resourceSpans"]?.array ?? []).flatMap { $0["scopeSpans"]?.array ?? [] }.flatMap { $0["spans"]?.array ?? [] }
        }
    }

    private func attribute(_ name: String, of holder: JSONValue?) -> JSONValue? {
        holder?["attributes"]?.array?.first { $0["key"]?.string == name }?["value"]
    }

    @Test func aRunsSpansArriveWithItsEnd() async throws {
        try await ScriptedServer.serving(answers) { server, url in
            let ended = try await run(url, ["OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b, other=1", "OTEL_SERVICE_NAME": "shop"])
            #expect(ended.status == 0, "\(ended.errors)")
            let spans = spans(server)
            #expect(
                Set(spans.compactMap { $0["name"]?.string }) == [
                    "invoke_workflow Agent workflow", "invoke_agent Assistant", "turn 1", "turn 2", "chat scripted", "execute_tool add_todo",
                ])
            #expect(spans.count == 7)
            #expect(Set(spans.map { $0["traceId"] }).count == 1)
            let ids = Set(spans.map { $0["spanId"]?.string })
            #expect(ids.count == 7)
            #expect(spans.filter { $0["parentSpanId"] == nil }.map { $0["name"] } == ["invoke_workflow Agent workflow"])
            #expect(spans.allSatisfy { $0["parentSpanId"] == nil || ids.contains($0["parentSpanId"]?.string) })
            let request = try #require(server.received("/otel/v1/traces").first)
            #expect(request["content-type"] == "application/json")
            #expect(request["x-key"] == "a b")
            #expect(request["other"] == "1")
            #expect(attribute("service.name", of: request.json["resourceSpans"]?.array?.first?["resource"]) == ["stringValue": "shop"])
            let chat = try #require(spans.first { $0["name"] == "chat scripted" })
            #expect(attribute("gen_ai.usage.input_tokens", of: chat) == ["intValue": "12"])
            #expect(attribute("gen_ai.request.model", of: chat) == ["stringValue": "scripted"])
            let asked = server.received("/v1/chat/completions").compactMap { $0["traceparent"] }
            let made = spans.filter { $0["name"] == "chat scripted" }.map { "00-\($0["traceId"]?.string ?? "")-\($0["spanId"]?.string ?? "")-01" }
            #expect(asked.count == 2 && Set(asked) == Set(made))
            for content in ["The instruction.", "The question.", "The argument.", "The answer."] { #expect(!request.body.contains(content)) }
        }
    }

    @Test func contentsAreSentWhenTheyAreAskedFor() async throws {
        try await ScriptedServer.serving(answers) { server, url in
            _ = try await run(url, ["OPENAI_AGENTS_TRACE_INCLUDE_SENSITIVE_DATA": "true", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url + "/as-it-is"])
            let body = server.received("/as-it-is").map(\.body).joined()
            for content in ["The instruction.", "The question.", "The argument.", "The answer."] { #expect(body.contains(content)) }
            #expect(server.received("/otel/v1/traces").isEmpty)
        }
    }

    @Test func nothingIsSentWhenTracingIsOff() async throws {
        try await ScriptedServer.serving(answers) { server, url in
            let ended = try await run(url, ["OPENAI_AGENTS_DISABLE_TRACING": "1"])
            #expect(ended.status == 0)
            #expect(server.received("/otel/v1/traces").isEmpty)
            #expect(server.received("/v1/chat/completions").map { $0["traceparent"] } == [nil, nil])
        }
    }

    @Test func aCollectorThatRefusesIsNoErrorOfTheRun() async throws {
        try await ScriptedServer.serving(answers, traceStatus: 401) { _, url in
            let ended = try await run(url)
            #expect(ended.status == 0)
            let result = try JSONValue(json: ended.output)
            #expect(result["final_output"] == "The answer.")
            #expect(ended.errors.contains("The trace server answered with HTTP 401."))
        }
    }

    @Test func aChatInTheTerminalIsOneGroup() async throws {
        try await ScriptedServer.serving([.said("Hello."), .said("Bye.")]) { server, url in
            var environment = environment(url)
            environment["AGENT_DATABASE"] = "sqlite:\(folder.path)/agent.db"
            let ended = try await AgentCall.run(["chat"], in: folder, input: "Hi\nSo long\n", environment: environment)
            #expect(ended.status == 0, "\(ended.errors)")
            let chats = spans(server).filter { $0["name"] == "chat scripted" }
            #expect(chats.count == 2)
            #expect(Set(chats.map { $0["traceId"] }).count == 2)
            let groups = Set(chats.map { attribute("gen_ai.conversation.id", of: $0) })
            #expect(groups.count == 1 && groups.first != .some(nil))
        }
    }

    @Test func aServersSpansAreOfTheirConversationAndArriveBeforeItEnds() async throws {
        try await ScriptedServer.serving([]) { server, url in
            let gateway = try RunningServer(in: folder, environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": url])
            defer { gateway.kill() }
            try await gateway.ready()
            let client = HTTPClient(gateway.url)
            let person: JSONValue = ["email": "ada@example.com", "password": "correct horse battery", "name": "Ada"]
            #expect(try await client.post("/api/auth/register", person).status == 201)
            let conversation = try #require(try await client.chat("add milk").first?["conversation_id"]?.string)
            #expect(gateway.terminate() == 0)
            let tasks = spans(server, at: "/v1/traces").filter { $0["name"]?.string?.hasPrefix("invoke_workflow") == true }
            #expect(tasks.map { attribute("gen_ai.conversation.id", of: $0) } == [["stringValue": .string(conversation)]])
        }
    }

    @Test(arguments: [
        (["OTEL_EXPORTER_OTLP_HEADERS": "secret"], "OTEL_EXPORTER_OTLP_HEADERS"),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"], "OTEL_EXPORTER_OTLP_ENDPOINT"),
        (["OPENAI_AGENTS_DISABLE_TRACING": "maybe"], "OPENAI_AGENTS_DISABLE_TRACING"),
        (["AGENT_OPENAI_TRACING": "true"], "AGENT_OPENAI_TRACING"),
    ])
    func aMistakeIsRefusedAtTheStart(environment: [String: String], name: String) async throws {
        let ended = try await run("http://127.0.0.1:1", environment)
        #expect(ended.status == 2)
        #expect(ended.errors.contains(name))
        #expect(!ended.errors.contains("'secret'"))
    }

    @Test func theSettingsAreShownWithoutCredentials() async throws {
        let environment = environment("http://127.0.0.1:1", ["OTEL_EXPORTER_OTLP_HEADERS": "x-key=hidden", "OTEL_SERVICE_NAME": "shop"])
        let ended = try await AgentCall.run(["serve", "--print-config"], in: folder, environment: environment)
        #expect(ended.output.contains("otlp_endpoint: http://127.0.0.1:1/otel/ (environment)"))
        #expect(ended.output.contains("otlp_headers: set (environment)"))
        #expect(ended.output.contains("service_name: shop (environment)"))
        #expect(ended.output.contains("trace_include_sensitive_data: false (default)"))
        #expect(!ended.output.contains("hidden"))
    }
}
