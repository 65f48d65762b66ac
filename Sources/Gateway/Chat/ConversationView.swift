import AgentRuntime
import Persistence

/// A conversation as it is read: each run a message of the person and one of the assistant.
struct ConversationView: Encodable {
    let id: String
    let title: String
    let createdAt: Timestamp
    let updatedAt: Timestamp
    let activeRun: ActiveRun?
    let messages: [Message]

    struct ActiveRun: Encodable {
        let id: String
        let lastEventID: Int64

        private enum CodingKeys: String, CodingKey {
            case id
            case lastEventID = "last_event_id"
        }
    }

    struct Message: Encodable {
        let id: String
        let seq: Int
        let role: Item.Role
        let status: Status
        let text: String
        let run: String
        let createdAt: Timestamp
        let calls: [Call]?

        enum Status: String, Encodable {
            case complete, partial, superseded
        }

        private enum CodingKeys: String, CodingKey {
            case id, seq, role, status, text, calls
            case run = "run_id"
            case createdAt = "created_at"
        }
    }

    struct Call: Encodable {
        let callID: String
        let name: String
        let arguments: String
        let status: String
        let output: String

        private enum CodingKeys: String, CodingKey {
            case name, arguments, status, output
            case callID = "call_id"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, title, messages
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case activeRun = "active_run"
    }
}

extension ConversationView {
    init(_ conversation: Conversation, logs: [(run: Run, events: [RunRecord])]) {
        id = conversation.id
        title = conversation.title
        createdAt = conversation.createdAt
        updatedAt = conversation.updatedAt
        activeRun = logs.first { $0.run.state.isActive }.map { ActiveRun(id: $0.run.id, lastEventID: $0.run.lastEventID) }
        messages = logs.flatMap { Message.pair(of: $0.run, $0.events.map(\.event)) }
    }
}

extension ConversationView.Message {
    /// What the person said, and what came of it so far.
    fileprivate static func pair(of run: Run, _ events: [RunEvent]) -> [ConversationView.Message] {
        let transcript = Transcript(of: events)
        let isSuperseded = run.supersededBy != nil
        let input = ConversationView.Message(
            id: MessageID.input(of: run.id), seq: run.position * 2 - 1, role: .user, status: isSuperseded ? .superseded : .complete,
            text: transcript.input.said, run: run.id, createdAt: run.createdAt, calls: nil)
        let output = ConversationView.Message(
            id: MessageID.output(of: run.id), seq: run.position * 2, role: .assistant,
            status: isSuperseded ? .superseded : run.state == .completed ? .complete : .partial, text: transcript.text, run: run.id,
            createdAt: run.updatedAt, calls: ConversationView.Call.all(in: events))
        return [input, output]
    }
}

extension ConversationView.Call {
    /// Each call with its outcome; one without is `running` in a run that goes on, and `interrupted` in one that has ended.
    fileprivate static func all(in events: [RunEvent]) -> [ConversationView.Call] {
        var calls: [ToolCall] = []
        var results: [ToolResult] = []
        for event in events {
            if case .toolCall(let call) = event, !call.isHandoff { calls.append(call) }
            if case .toolResult(let result) = event { results.append(result) }
        }
        let open = events.last?.isTerminal == true ? "interrupted" : "running"
        return calls.map { call in
            let result = results.first { $0.turn == call.turn && $0.index == call.index }
            return ConversationView.Call(
                callID: call.callID, name: call.name, arguments: call.arguments, status: result?.status.rawValue ?? open, output: result?.output ?? ""
            )
        }
    }
}
