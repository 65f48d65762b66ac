import ArgumentParser
import Foundation

/// The executable `agent`.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Assistants that act for a signed-in person: a gateway, a chat in the terminal, and single runs for programs.",
        subcommands: [
            ServeCommand.self, ChatCommand.self, RunCommand.self, ToolsCommand.self, GraphCommand.self, MigrateCommand.self, UserCommand.self,
            BackupCommand.self, VacuumCommand.self,
        ]
    )
}

@main
enum Main {
    /// Mistakes in the flags end with 2, as in most shells' own commands; the parser's own code for them is 64.
    static func main() async {
        do {
            var command = try AgentCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch  where AgentCommand.exitCode(for: error) == .validationFailure {
            try? FileHandle.standardError.write(contentsOf: Data((AgentCommand.fullMessage(for: error) + "\n").utf8))
            exit(2)
        } catch {
            AgentCommand.exit(withError: error)
        }
    }
}
