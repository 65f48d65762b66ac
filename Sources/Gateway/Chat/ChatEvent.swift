public import AgentRuntime

/// What a reader of a run sees of one record: its data as JSON under the record's id, or nothing.
public struct ChatEvent {
    public let id: Int64
    public let type: String
    public let data: JSONValue

    /// Nil for records that are not for readers.
    public init?(_ record: RunRecord, run: String, conversation: String) {
        guard let (type, members) = ChatEvent.content(of: record.event, run: run, conversation: conversation) else { return nil }
        id = record.id
        self.type = type
        data = .object(members.merging(["type": .string(type)]) { member, _ in member })
    }

    var serverSentEvent: ServerSentEvent {
        ServerSentEvent(id: String(id), event: type, data: data.text)
    }

    private static func content(of event: RunEvent, run: String, conversation: String) -> (String, [String: JSONValue])? {
        switch event {
        case .start:
            let ids: [String: JSONValue] = [
                "conversation_id": .string(conversation), "run_id": .string(run), "message_id": .string(MessageID.input(of: run)),
            ]
            return ("start", ids)
        case .delta(let text): return ("delta", ["delta": .string(text)])
        case .reasoning(let text): return ("reasoning", ["delta": .string(text)])
        case .toolCall(let call):
            if call.isHandoff { return nil }
            return ("tool_call", ["call_id": .string(call.callID), "name": .string(call.name), "arguments": .string(call.arguments)])
        case .toolResult(let result):
            let status = JSONValue.string(result.status.rawValue)
            return ("tool_result", ["call_id": .string(result.callID), "status": status, "output": .string(result.output)])
        case .handoff(let handoff): return ("agent", ["name": .string(handoff.to)])
        case .approvalRequested(let calls): return ("approval", ["calls": .array(calls.map(\.json))])
        case .restart(let turn, let attempt): return ("restart", ["turn": .integer(turn), "attempt": .integer(attempt)])
        case .done(let output):
            let ids: [String: JSONValue] = ["conversation_id": .string(conversation), "run_id": .string(run)]
            return ("done", ids.merging(["output": .string(output.output), "usage": output.usage.json]) { id, _ in id })
        case .stopped: return ("stopped", ["run_id": .string(run)])
        case .error(let failure):
            let code = JSONValue.string(failure.code.rawValue)
            return ("error", ["code": code, "message": .string(failure.message), "retry": .bool(failure.retry)])
        case .nested: return content(within: event, run: run, conversation: conversation)
        case .guardrail, .response, .toolStarted, .toolGuardrail, .toolUse, .approvalChecked, .approvalDecided, .inputAdded, .compaction, .recovered:
            return nil
        }
    }

    /// Of what happens within a call only the calls are for readers, under ids that begin with those of the calls around them.
    private static func content(within event: RunEvent, run: String, conversation: String) -> (String, [String: JSONValue])? {
        let (path, inner) = event.origin
        let id: String
        switch inner {
        case .toolCall(let call): id = call.callID
        case .toolResult(let result): id = result.callID
        default: return nil
        }
        guard let (type, members) = content(of: inner, run: run, conversation: conversation) else { return nil }
        let parent = path.map(\.callID).joined(separator: "/")
        return (type, members.merging(["call_id": .string("\(parent)/\(id)"), "parent_call_id": .string(parent)]) { $1 })
    }
}
