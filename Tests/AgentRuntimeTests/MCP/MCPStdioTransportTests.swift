import AgentRuntime
import Testing

@Suite(.timeLimit(.minutes(1))) struct MCPStdioTransportTests {
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

    @Test func aServerThatCannotBeStartedIsNamed() async throws {
        let server = MCPServer(MCPStdioTransport(command: "/no/such/server"))
        await #expect { try await withClient(server) { try await $0.listTools() } } throws: { "\($0)".contains("/no/such/server") }
    }

    @Test func aServerThatEndsAtOnceIsUnreachable() async throws {
        let server = MCPServer(MCPStdioTransport(command: "true"))
        await #expect(throws: MCPServerUnusable.self) { try await withClient(server) { try await $0.listTools() } }
    }
}
