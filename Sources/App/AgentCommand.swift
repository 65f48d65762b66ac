import ArgumentParser

/// The executable `agent`.
@main
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Assistants that act for a signed-in person: a gateway, a chat in the terminal, and single runs for programs.",
        subcommands: [ServeCommand.self, ChatCommand.self, RunCommand.self, ToolsCommand.self, GraphCommand.self, MigrateCommand.self]
    )
}
