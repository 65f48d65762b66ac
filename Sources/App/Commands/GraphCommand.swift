import AgentRuntime
import ArgumentParser
import Tools

/// `agent graph`
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "graph", abstract: "Draws which agent has which tools and hands over to whom.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid, dot
    }

    @Option(help: "mermaid or dot.")
    var format = Format.mermaid

    @OptionGroup var options: ModelOptions

    func run() throws {
        let assembly = try Settings.mistakesAsUsage { try Assembly(Settings.read(options.flags, file: options.config)) }
        let graph = AgentGraph(assembly.prompts.files)
        print(format == .mermaid ? graph.mermaid : graph.dot)
    }
}
