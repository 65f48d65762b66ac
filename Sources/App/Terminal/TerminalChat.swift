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
                let result = try await terminal.keyboard.stoppable { [conversation] in try await self.answer(turn, in: conversation) }
                if let result {
                    terminal.end(result.output)
                    file = next(after: result.lastAgent, from: file)
                } else {
                    try await stop(turn, in: conversation)
                }
            } catch let error as RunError {
                terminal.showFailure(error)
            } catch is CancellationError {
                try await stop(turn, in: conversation)
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
        var log: DatabaseRunLog
        var context: UserContext
    }

    private func turn(of message: String, _ file: PromptFile, in conversation: inout TerminalConversation) async throws -> Turn {
        let agent = assembly.prompts.agent(of: file)
        let (log, context) = try await conversation.begin(message, with: agent)
        var config = try assembly.conversationConfig(file.id)
        config.promptCacheGroup = conversation.id
        config.groupID = conversation.id
        return Turn(agent: agent, config: config, history: conversation.history.items, log: log, context: context)
    }

    private func answer(_ turn: Turn, in conversation: TerminalConversation) async throws -> RunResult {
        var turn = turn
        while true {
            let result = try await turn.log.flushing(on: runner.clock) { [turn] in
                try await runner.run(
                    turn.agent, input: [], context: turn.context, config: turn.config, history: turn.history, log: turn.log
                ) { [terminal] in terminal.show($0.event) }
            }
            guard !result.interruptions.isEmpty else { return result }
            (turn.log, turn.context) = try await decide(result.interruptions, in: turn, conversation)
        }
    }

    /// Asks about every call that is still open; gives what to go on with.
    private func decide(
        _ calls: [Interruption],
        in turn: Turn,
        _ conversation: TerminalConversation
    ) async throws -> (log: DatabaseRunLog, context: UserContext) {
        for call in calls {
            let choice = try await choice(about: call)
            if let next = try await conversation.decide(choice, on: turn.log.run) { return next }
        }
        throw SettingMistake("The run waits for a decision that nobody was asked for.")
    }

    private func choice(about call: Interruption) async throws -> ApprovalChoice {
        let scope = [call.agent, call.name, call.toolVersion]
        if allowed.withLock({ $0.contains(scope) }) { return ApprovalChoice(callID: call.qualifiedID, verdict: .approve) }
        switch await terminal.decision(about: call) {
        case .approve: return ApprovalChoice(callID: call.qualifiedID, verdict: .approve)
        case .approveAlways:
            allowed.withLock { _ = $0.insert(scope) }
            return ApprovalChoice(callID: call.qualifiedID, verdict: .approve, always: true)
        case .reject: return ApprovalChoice(callID: call.qualifiedID, verdict: .reject)
        case nil: throw CancellationError()
        }
    }

    private func stop(_ turn: Turn, in conversation: TerminalConversation) async throws {
        try await conversation.stop(turn.log)
        terminal.note("[stopped]")
    }

    /// The file of the agent that has the conversation now.
    private func next(after agent: String, from file: PromptFile) -> PromptFile {
        guard agent != file.name else { return file }
        return assembly.prompts.files.reached(from: file.id).first { $0.name == agent } ?? file
    }
}
