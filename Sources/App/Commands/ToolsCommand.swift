import AgentRuntime
import ArgumentParser
import Tools

/// `agent tools`
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Lists the tool modules with their tools, and those of the servers that --mcp and --mcp-url name.",
        discussion: "In brackets is what a call can do: reads and writes concern the person's own data, external is everything else."
    )

    @Flag(help: "As JSON, with the schemas that a model sees.")
    var json = false

    @OptionGroup var servers: ToolServerOptions

    @Option(help: "A JSON file with settings.")
    var config: String?

    func run() async throws {
        let settings = try Settings.read([:], file: config)
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        try await servers.withSources(declared: [], logger) { sources in
            let list = ToolList(modules: ToolModules.all, servers: sources)
            print(json ? list.json.text : list.text)
        }
    }
}
