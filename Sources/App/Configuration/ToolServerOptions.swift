import AgentRuntime
import ArgumentParser
import Foundation
import Logging
import Tools
import UnixSignals

/// The MCP servers of one command, which end with it: those of its flags, and those that prompt files say how to reach.
struct ToolServerOptions: ParsableArguments {
    @Option(
        name: .customLong("mcp"),
        help: ArgumentHelp(
            "A command, quoted as for a shell, that starts an MCP server; agents list it by the name it announces. Repeatable.",
            discussion: """
                In braces it is a mapping with the keys of 'mcp_servers' in a prompt file, and 'name': \
                --mcp '{command: uvx, args: [mcp-server-time], require_approval: always}'
                """))
    var commands: [String] = []

    @Option(name: .customLong("mcp-url"), help: "The address of an MCP server over streamable HTTP. Repeatable.")
    var urls: [String] = []

    func validate() throws {
        for command in commands {
            if ToolServerOptions.isMapping(command) {
                do { _ = try PromptServer(yaml: command, from: "--mcp") } catch { throw ValidationError(String(describing: error)) }
            } else if ShellWords.split(command)?.isEmpty ?? true {
                throw ValidationError("--mcp '\(command)' is no command; close its quotes.")
            }
        }
        for url in urls where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            throw ValidationError("--mcp-url '\(url)' must begin with http:// or https://.")
        }
    }

    /// Connects the servers, gives their tools to `body`, and ends them with it, also when one of the signals ends the command.
    /// - Parameter declared: What prompt files say about servers.
    func withSources<Output: Sendable>(
        declared: [PromptServer],
        endedBy signals: [UnixSignal] = [.sigterm, .sigint],
        _ logger: Logger,
        _ body: ([ToolSource<UserContext>]) async throws -> Output
    ) async throws -> Output {
        let servers = try Settings.mistakesAsUsage { try self.servers(declared) }
        guard !servers.isEmpty else { return try await body([]) }
        do {
            return try await MCPClient.withClients(of: servers, logger: logger) { clients in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await ToolServerOptions.end(clients, on: signals) }
                    defer { group.cancelAll() }
                    var sources: [ToolSource<UserContext>] = []
                    for client in clients {
                        let name = await client.name
                        for server in declared where server.name == name { await client.change { server.apply(to: &$0) } }
                        sources.append(try await ToolSource(of: client))
                    }
                    return try await body(sources)
                }
            }
        } catch let error as MCPServerUnusable {
            throw ExitCode.mistake(error, code: 2)
        } catch let error as MCPError {
            throw ExitCode.mistake(error, code: 2)
        }
    }

    private func servers(_ declared: [PromptServer]) throws -> [MCPServer] {
        guard !(commands + urls).isEmpty || declared.contains(where: \.isLaunched) else { return [] }
        // One for all: its thread stands still while nobody asks.
        let transport = CurlTransport()
        let started = try commands.compactMap { command -> MCPServer? in
            if ToolServerOptions.isMapping(command) { return try PromptServer(yaml: command, from: "--mcp").server(over: transport) }
            let words = ShellWords.split(command) ?? []
            return words.first.map { MCPServer(MCPStdioTransport(command: $0, arguments: Array(words.dropFirst()))) }
        }
        let reached = urls.map { MCPServer(MCPStreamableHTTPTransport(url: $0, transport: transport)) }
        return try started + reached + declared.compactMap { try $0.server(over: transport) }
    }

    /// No command begins with a brace.
    private static func isMapping(_ command: String) -> Bool {
        command.first { !$0.isWhitespace } == "{"
    }

    /// A command that is interrupted leaves no server behind.
    private static func end(_ clients: [MCPClient], on signals: [UnixSignal]) async throws {
        guard !signals.isEmpty else { return }
        for await signal in await UnixSignalsSequence(trapping: signals) {
            for client in clients { await client.close() }
            Foundation.exit(128 + signal.rawValue)
        }
    }
}
