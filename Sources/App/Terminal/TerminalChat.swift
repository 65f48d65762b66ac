import AgentRuntime
import Persistence
import Synchronization
import Tools

/// A chat in the terminal: message by message, with the agent that has the conversation.
final class TerminalChat: Sendable {
    private let assembly: Assembly
    private let runner: Runner
    private let terminal: Terminal
    /// Calls that the person allowed for the whole chat, by agent and tool.
    private let allowed = Mutex<Set<[String]>>([])

    init(_ assembly: Assembly, on terminal: Terminal) throws {
        self.assembly = assembly
        self.terminal = terminal
        runner = try assembly.runner
    }

    /// Until the end of input.
    /// - Parameter first: The prompt file whose agent answers first.
    func run(_ first: PromptFile, in conversation: TerminalConversation) async throws {
        var file = first
        var conversation = conversation
        while let message = await terminal.nextMessage() {
            let turn = try await self.turn(of: message, file, in: &conversation)
            do {
                let result = try await terminal.keyboard.stoppable { try await self.answer(turn) }
                if let result {
                    terminal.end(result.output)
                    file = next(after: result.lastAgent, from: file)
                } else {
                    try await stop(turn)
                }
            } catch let error as RunError {
                terminal.showFailure(error)
            } catch is CancellationError {
                try await stop(turn)
            }
            terminal.endAnswer()
        }
        if let id = conversation.id { terminal.note("The conversation is kept; go on with it by: agent chat --conversation \(id)") }
    }

    /// All that one answer needs.
    private struct Turn: Sendable {
        let agent: Agent<UserContext>
        let config: RunConfig<UserContext>
        let history: [Item]
        let log: DatabaseRunLog
        let context: UserContext
    }

    private func turn(of message: String, _ file: PromptFile, in conversation: inout TerminalConversation) async throws -> Turn {
        let agent = assembly.prompts.agent(of: file)
        let (log, context) = try await conversation.begin(message, with: agent)
        var config = try assembly.conversationConfig(file.id)
        config.promptCacheGroup = conversation.id
        config.groupID = conversation.id
        return Turn(agent: agent, config: config, history: conversation.history.items, log: log, context: context)
    }

    private func answer(_ turn: Turn) async throws -> RunResult {
        let log = GrowingRunLog(turn.log)
        var decisions: [ApprovalDecision] = []
        while true {
            let result = try await turn.log.flushing(on: runner.clock) { [decisions] in
                try await runner.run(
                    turn.agent, input: [], context: turn.context, config: turn.config, history: turn.history, log: log, decisions: decisions
                ) { [terminal] in terminal.show($0.event) }
            }
            guard !result.interruptions.isEmpty else { return result }
            decisions = []
            for call in result.interruptions { decisions.append(try await decision(about: call)) }
        }
    }

    private func decision(about call: Interruption) async throws -> ApprovalDecision {
        let scope = [call.agent, call.name, call.toolVersion]
        if allowed.withLock({ $0.contains(scope) }) { return call.approve() }
        switch await terminal.decision(about: call) {
        case .approve: return call.approve()
        case .approveAlways:
            allowed.withLock { _ = $0.insert(scope) }
            return call.approve(always: true)
        case .reject: return call.reject()
        case nil: throw CancellationError()
        }
    }

    private func stop(_ turn: Turn) async throws {
        try await turn.log.end(with: .stopped)
        terminal.note("[stopped]")
    }

    /// The file of the agent that has the conversation now.
    private func next(after agent: String, from file: PromptFile) -> PromptFile {
        guard agent != file.name else { return file }
        return assembly.prompts.files.reached(from: file.id).first { $0.name == agent } ?? file
    }
}
