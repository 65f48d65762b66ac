import AgentRuntime
import Logging
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct MCPStdioTransportTests {
    @Test func aServerGetsOnlyWhatItNeedsAndWhatItsConfigurationNames() {
        let inherited = [
            "HOME": "/h", "PATH": "/bin", "LANG": "C", "TERM": "xterm", "TMPDIR": "/t", "USER": "ada", "OPENAI_API_KEY": "secret",
            "AGENT_SECRET": "secret", "AWS_SECRET_ACCESS_KEY": "secret",
        ]
        let transport = MCPStdioTransport(
            command: "x", environment: ["API": "1", "LANG": "de", "OPENAI_API_KEY": "secret", "AGENT_X": "secret"], inherited: inherited)
        #expect(
            transport.environment == ["HOME": "/h", "PATH": "/bin", "LANG": "de", "TERM": "xterm", "TMPDIR": "/t", "USER": "ada", "API": "1"])
    }

    @Test func whatAServerWritesToStandardErrorGoesToTheLogUpToALimit() async throws {
        let script = """
            i=0; while [ $i -lt 200 ]; do printf '%01500d\\n' 7 >&2; i=$((i+1)); done
            read hello; echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","serverInfo":{"name":"loud"}}}'
            while read line; do :; done
            """
        let recorder = LogLines()
        let server = MCPServer(MCPStdioTransport(command: "/bin/sh", arguments: ["-c", script]))
        try await MCPClient.withClients(of: [server], logger: recorder.logger) { clients in
            #expect(await clients.first?.name == "loud")
        }
        let lines = recorder.lines.filter { $0.hasPrefix("0000") }
        #expect(lines.allSatisfy { $0.utf8.count == 1_024 + 3 && $0.hasSuffix("...") })
        #expect(lines.count == 64)
        #expect(recorder.lines.contains("a tool server wrote more, which is left out"))
    }

    @Test func aServerThatCannotBeStartedIsNamed() async throws {
        let server = MCPServer(MCPStdioTransport(command: "/no/such/server"))
        await #expect { try await withClient(server) { try await $0.listTools() } } throws: { "\($0)".contains("/no/such/server") }
    }

    @Test func aServerThatEndsAtOnceIsUnreachable() async throws {
        let server = MCPServer(MCPStdioTransport(command: "true"))
        await #expect(throws: MCPServerUnusable.self) { try await withClient(server) { try await $0.listTools() } }
    }
}

/// The texts that servers wrote, as they reach the log, and the messages without one.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        init(lines: LogLines) {
            self.lines = lines
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let text = event.metadata?["text"].map { "\($0)" }
            lines.kept.withLock { $0.append(text ?? "\(event.message)") }
        }
    }
}
