import AgentRuntime
import ArgumentParser
import FoundationEssentials
import Logging
import Persistence
import Tools
import UnixSignals

/// `agent chat`
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Chats in the terminal: one message a line, until the end of input or 'exit'.",
        discussion: """
            It acts for the owner of this machine, an account of its own in the database, where the conversation is kept. Ctrl-C stops an answer, \
            Ctrl-D ends the chat. A call that needs approval is asked about.
            """
    )

    @Option(help: "The prompt file to begin with, without its ending. (default: assistant, or with --continue the agent that spoke last)")
    var agent: String?

    @Flag(name: .customLong("continue"), help: "Goes on with the latest conversation.")
    var continues = false

    @Option(help: "Goes on with the conversation of this id.")
    var conversation: String?

    @OptionGroup var servers: ToolServerOptions

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let settings = try Settings.read(options.flags, file: options.config)
        let logger = try Settings.mistakesAsUsage { try Assembly.logger(settings, quietLevel: .error) }
        let files = try Settings.mistakesAsUsage { try [PromptFile](folder: settings.text(.prompts)) }
        // Which agent goes on is known only when the conversation was read.
        let declared = continues || conversation != nil ? files.flatMap(\.servers) : files.servers(reachedFrom: agent ?? "assistant")
        try await servers.withSources(declared: declared, endedBy: [.sigterm], logger) { sources in
            let assembly = try Settings.mistakesAsUsage { try Assembly(settings, files: files, servers: sources, logger: logger) }
            try await assembly.traces.provider.exporting { try await chat(assembly) }
        }
    }

    private func chat(_ assembly: Assembly) async throws {
        let terminal = Terminal()
        let chat = try Settings.mistakesAsUsage {
            _ = try assembly.agent(agent ?? "assistant")
            return try TerminalChat(assembly, on: terminal)
        }
        try await Settings.mistakesAsFailure {
            let database = try await DatabaseAddress(assembly.settings.text(.database)).open()
            try await database.migrate()
            var conversation = try await TerminalConversation(as: LocalPerson(in: database), in: Stores(database: database))
            terminal.note("Model: \(assembly.models.description). Ctrl-C stops an answer, Ctrl-D ends the chat.")
            if continues || self.conversation != nil {
                for part in try await conversation.open(self.conversation) { terminal.recall(part.message, answer: part.answer) }
            }
            try await run(chat, firstFile(in: assembly, conversation), conversation, on: terminal)
        }
    }

    private func firstFile(in assembly: Assembly, _ conversation: TerminalConversation) throws -> PromptFile {
        let files = assembly.prompts.files
        let last = agent == nil ? conversation.history.lastAgent.flatMap { name in files.first { $0.name == name } } : nil
        guard let file = last ?? files.first(where: { $0.id == agent ?? "assistant" }) else {
            throw SettingMistake("There is no agent to begin with.")
        }
        return file
    }

    /// Until the end of input; what runs beside the chat ends with it.
    private func run(_ chat: TerminalChat, _ file: PromptFile, _ conversation: TerminalConversation, on terminal: Terminal) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint)
        terminal.keyboard.read()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals { terminal.keyboard.interrupt() }
            }
            group.addTask { await conversation.keepAlive(on: ContinuousClock()) }
            defer { group.cancelAll() }
            try await chat.run(file, in: conversation)
        }
    }
}
