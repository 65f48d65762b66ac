import AgentTesting
import DatabaseFixtures
import Foundation
import Testing

@testable import AgentRuntime

/// Every history that the loop can come to is a request that both wire APIs take.
@Suite(.timeLimit(.minutes(2))) struct ReachableHistoryTests {
    private static let endpoint = ModelEndpoint(baseURL: "https://api.openai.com/v1")

    @Test(arguments: 0..<8)
    func everyReachableHistoryKeepsTheRulesOfBothWireAPIs(part: UInt64) async throws {
        var histories = 0
        for seed in (part * 100)..<(part * 100 + 100) {
            for request in await RandomConversation.requests(seed: seed) {
                histories += 1
                let chat = try request.chatCompletionsBody(model: "m", at: Self.endpoint)
                #expect(WireRules.chat(chat) == nil, "seed \(seed): \(chat.text)")
                let responses = try request.responsesBody(model: "m", at: Self.endpoint)
                #expect(WireRules.responses(responses) == nil, "seed \(seed): \(responses.text)")
                for body in [chat, responses] { #expect(try JSONValue(json: body.bytes, as: .tolerant).bytes == body.bytes, "seed \(seed)") }
            }
        }
        #expect(histories > 200)
    }

    /// The schema is OpenAI's own, which the Python package llm-comply ships: `scripts/python-packages.sh` installs it.
    @Test func everyReachableHistoryFitsOpenAIsPublishedSchema() async throws {
        var lines: [String] = []
        for seed in 1_000..<1_060 as Range<UInt64> {
            for request in await RandomConversation.requests(seed: seed) {
                let chat = try request.chatCompletionsBody(model: "m", at: Self.endpoint)
                let responses = try request.responsesBody(model: "m", at: Self.endpoint)
                lines.append(JSONValue.object(["api": "chat", "body": chat]).text)
                lines.append(JSONValue.object(["api": "responses", "body": responses]).text)
            }
        }
        #expect(lines.count > 250)
        let checked = try await checked(lines)
        #expect(checked.status == 0, "\(checked.said)")
        #expect(checked.said.contains("\(lines.count) checked, 0 wrong"))
    }

    @Test func theSchemaRefusesWhatIsWrong() async throws {
        let wrong: [JSONValue] = [
            ["api": "chat", "body": ["model": "m", "messages": [["role": "tool", "content": "1"]]]],
            ["api": "chat", "body": ["model": "m", "messages": [["role": "user", "content": [["type": "input_text", "text": "a"]]]]]],
            ["api": "responses", "body": ["model": "m", "input": [["type": "function_call", "call_id": "c", "name": "add"]]]],
            ["api": "responses", "body": ["model": "m", "input": [["type": "function_call_output", "call_id": "", "output": "1"]]]],
            ["api": "responses", "body": ["model": "m", "input": [["type": "reasoning", "summary": [["type": "x"]]]]]],
        ]
        let checked = try await checked(wrong.map(\.text))
        #expect(checked.status == 1)
        #expect(checked.said.contains("5 checked, 5 wrong"), "\(checked.said)")
    }

    /// What `scripts/check-requests.py` says about these lines.
    private func checked(_ lines: [String]) async throws -> (status: Int32, said: String) {
        let root = try PackageRoot.find(from: #filePath)
        let file = FileManager.default.temporaryDirectory.appending(path: "requests-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        let process = Process()
        process.executableURL = root.appending(path: ".build-python/venv/bin/python")
        process.arguments = [root.appending(path: "scripts/check-requests.py").path, file.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        do { try process.runAlone() } catch {
            Issue.record("There is no Python with llm-comply: run scripts/python-packages.sh. \(error)")
            throw error
        }
        let said = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: output.fileHandleForReading.readDataToEndOfFile()) }
        }
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}

/// Where the package's own files are.
private enum PackageRoot {
    /// The folder above `file` that holds `Package.swift`, with no link in its path.
    static func find(from file: String) throws -> URL {
        var folder = URL(filePath: file).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
