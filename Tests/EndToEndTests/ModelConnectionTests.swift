import AgentRuntime
import Foundation
import HTTPTypes
import Testing

/// How the built program reaches a model server, and what of the machine that it runs on has no say in it.
@Suite(.timeLimit(.minutes(2))) struct ModelConnectionTests {
    private let folder: URL

    init() throws {
        folder = RunningServer.temporaryFolder()
        try FileManager.default.createDirectory(at: folder.appending(path: "prompts"), withIntermediateDirectories: true)
        try Data("---\nname: Assistant\n---\nYou answer.\n".utf8).write(to: folder.appending(path: "prompts/assistant.md"))
    }

    /// The host is named there, and curl itself would use it.
    @Test func r109_aPasswordOfTheMachineIsNotSent() async throws {
        let file = folder.appending(path: ".netrc")
        try Data("machine 127.0.0.1 login canary password canary\ndefault login canary password canary\n".utf8).write(to: file)
        try await ScriptedServer.serving([.said("Hello.")]) { server, url in
            let ended = try await run(url, ["HOME": folder.path, "NETRC": file.path])
            #expect(ended.status == 0, "\(ended.errors)")
            let request = try #require(server.received("/v1/chat/completions").first)
            #expect(request["authorization"] == nil)
            #expect(!request.headers.contains { $0.value.contains("canary") })
        }
    }

    @Test func r109_aProxyOfTheMachineIsNotAsked() async throws {
        try await ScriptedServer.serving([]) { canary, proxy in
            try await ScriptedServer.serving([.said("Hello.")]) { server, url in
                let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
                let ended = try await run(url, Dictionary(uniqueKeysWithValues: names.map { ($0, proxy) }))
                #expect(ended.status == 0, "\(ended.errors)")
                #expect(server.received("/v1/chat/completions").count == 1)
                #expect(canary.received("/v1/chat/completions").isEmpty)
            }
        }
    }

    /// Without a key, so that nothing is sent but what the machine would add.
    private func run(_ url: String, _ more: [String: String]) async throws -> AgentCall {
        let environment = ["OPENAI_BASE_URL": url + "/v1", "AGENT_MODEL": "scripted", "AGENT_MODEL_API": "chat"]
        return try await AgentCall.run(["run", "--input", "Hi"], in: folder, environment: environment.merging(more) { $1 })
    }
}
