import AgentRuntime
import ArgumentParser
import Foundation
import Logging
import Tools
import UnixSignals

/// The MCP servers of one command, which end with it.
struct ToolServerOptions: ParsableArguments {
    @Option(
        name: .customLong("mcp"),
        help: "A command, quoted as for a shell, that starts an MCP server; agents list it by the name it announces. Repeatable.")
    var commands: [String] = []

    @Option(name: .customLong("mcp-url"), help: "The address of an MCP server over streamable HTTP. Repeatable.")
    var urls: [String] = []

    func validate() throws {
        for command in commands where ShellWords.split(command)?.isEmpty ?? true {
            throw ValidationError("--mcp '\(command)' is no command; close its quotes.")
        }
        for url in urls where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            throw ValidationError("--mcp-url '\(url)' must begin with http:// or https://.")
        }
    }

    /// Connects the servers, gives their tools to `body`, and ends them with it, also when a signal ends the command.
    func withSources<Output: Sendable>(_ logger: Logger, _ body: ([ToolSource<UserContext>]) async throws -> Output) async throws -> Output {
        guard !servers.isEmpty else { return try await body([]) }
        do {
            return try await MCPClient.withClients(of: servers, logger: logger) { clients in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await ToolServerOptions.endOnSignal(clients) }
                    defer { group.cancelAll() }
                    var sources: [ToolSource<UserContext>] = []
                    for client in clients { sources.append(try await ToolSource(of: client)) }
                    return try await body(sources)
                }
            }
        } catch let error as MCPServerUnusable {
            throw ExitCode.mistake(error, code: 2)
        } catch let error as MCPError {
            throw ExitCode.mistake(error, code: 2)
        }
    }

    private var servers: [MCPServer] {
        let started = commands.compactMap(ShellWords.split).compactMap { words in
            words.first.map { MCPServer(MCPStdioTransport(command: $0, arguments: Array(words.dropFirst()))) }
        }
        guard !urls.isEmpty else { return started }
        let transport = CurlTransport()
        return started + urls.map { MCPServer(MCPStreamableHTTPTransport(url: $0, transport: transport)) }
    }

    /// A command that is interrupted leaves no server behind.
    private static func endOnSignal(_ clients: [MCPClient]) async throws {
        for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
            for client in clients { await client.close() }
            Foundation.exit(128 + signal.rawValue)
        }
    }
}
