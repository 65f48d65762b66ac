import AgentRuntime
import Persistence

/// Messages that stand in place of earlier ones, which give way with all that came after them.
extension ChatService {
    /// Puts another text in place of something that the person said. Throws `ChatError`.
    func edit(_ message: String, to text: String, in conversation: String, idempotencyKey: String?, of user: User) async throws -> ReadableRun {
        let (run, isInput) = try await run(of: message, in: conversation, of: user)
        guard isInput else { throw ChatError.invalid(field: "message_id", sentence: "must be the id of a message of yours.") }
        let edited = ChatMessage(text: text, conversation: conversation, replacing: run.id, idempotencyKey: idempotencyKey)
        return try await accept(edited, from: user)
    }

    /// Asks the model again for a message of the person's, or for the one that a message of the assistant's answers. Throws `ChatError`.
    func askAgain(_ message: String, in conversation: String, idempotencyKey: String?, of user: User) async throws -> ReadableRun {
        let (run, _) = try await run(of: message, in: conversation, of: user)
        let first = try await runs.events(of: run.id, owner: user.id, limit: 1).first
        guard case .start(let start) = first?.event else { throw ChatError.notFound }
        let again = ChatMessage(text: start.input.said, conversation: conversation, replacing: run.id, idempotencyKey: idempotencyKey)
        return try await accept(again, from: user)
    }

    private func run(of message: String, in conversation: String, of user: User) async throws -> (Run, isInput: Bool) {
        guard let (id, isInput) = MessageID.run(of: message), let run = try await runs.run(id, owner: user.id), run.conversation == conversation
        else { throw ChatError.notFound }
        return (run, isInput)
    }
}

extension [Item] {
    /// What the person said in them.
    var said: String {
        compactMap { if case .message(let message) = $0 { message.text } else { nil } }.joined(separator: "\n")
    }
}
