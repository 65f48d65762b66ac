import AgentRuntime
import ArgumentParser
import Tools

/// `agent graph`
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws which agent has which tools, calls whom and hands over to whom.",
        discussion: "For example: agent graph --format dot | dot -Tsvg > agents.svg. Servers that prompt files name are drawn without being started."
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid, dot
    }

    @Option(help: "The language of the picture.")
    var format = Format.mermaid

    @Option(help: "The prompt file that a conversation begins with, without its ending; leaves out what it cannot reach.")
    var agent: String?

    @OptionGroup var servers: ToolServerOptions

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let settings = try Settings.read(options.flags, file: options.config)
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        try await servers.withSources(declared: [], logger) { sources in
            try Settings.mistakesAsUsage {
                let assembly = try Assembly(settings, servers: sources)
                if let agent { _ = try assembly.agent(agent) }
                let graph = AgentGraph(assembly.prompts, from: agent)
                print(format == .mermaid ? graph.mermaid : graph.dot)
            }
        }
    }
}
