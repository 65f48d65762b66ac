import AgentRuntime
import ArgumentParser
import FoundationEssentials
import Persistence
import Tools

/// `agent chat`
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Chats in the terminal: one message a line, until the end of input.",
        discussion: "It acts for the owner of this machine, an account of its own in the database."
    )

    @Option(help: "The prompt file to begin with, without its ending.")
    var agent = "assistant"

    @OptionGroup var servers: ToolServerOptions

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let settings = try Settings.read(options.flags, file: options.config)
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings) }
        try await servers.withSources(logger) { sources in
            let assembly = try Settings.mistakesAsUsage { try Assembly(settings, servers: sources) }
            try await assembly.traces.provider.exporting { try await chat(assembly) }
        }
    }

    private func chat(_ assembly: Assembly) async throws {
        let agent = try Settings.mistakesAsUsage { try assembly.agent(self.agent) }
        let runner = try Settings.mistakesAsUsage { try assembly.runner }
        try await Settings.mistakesAsFailure {
            let database = try await DatabaseAddress(assembly.settings.text(.database)).open()
            try await database.migrate()
            let terminal = Terminal()
            terminal.note("Model: \(assembly.models.description). End with Ctrl-D.")
            try await chat(with: agent, assembly.config(self.agent), as: LocalPerson(in: database), runner, on: terminal)
        }
    }

    private func chat(
        with agent: Agent<UserContext>,
        _ config: RunConfig<UserContext>,
        as person: LocalPerson,
        _ runner: Runner,
        on terminal: Terminal
    ) async throws {
        let session = InMemorySession()
        let identifiers = IdentifierGenerator()
        var config = config
        config.groupID = identifiers.next()
        while let line = terminal.nextMessage() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let context = try person.context()
            do {
                let log = InMemoryRunLog(run: identifiers.next())
                var decisions: [ApprovalDecision] = []
                repeat {
                    let result = try await runner.run(
                        agent, input: line, context: context, config: config, facts: ["today": context.today.description], session: session,
                        log: log, decisions: decisions
                    ) { terminal.show($0.event) }
                    decisions = result.interruptions.map(terminal.decision)
                } while !decisions.isEmpty
            } catch let error as RunError {
                terminal.showFailure(error)
            }
            terminal.endAnswer()
        }
    }
}
