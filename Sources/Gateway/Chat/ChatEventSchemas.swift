import AgentRuntime

/// What the `data` of a chat's events holds.
enum ChatEventSchemas {
    static let all = [item, event, APISchema.usage, APISchema.pendingCall]

    /// One event of a stream.
    static let item = APISchema(
        "ChatStreamEvent",
        [
            "id": ["type": "string", "pattern": "^[0-9]+$"], "event": APISchema.choice(types.map(\.0)),
            "data": ["type": "string", "contentMediaType": "application/json", "contentSchema": event.reference],
        ])

    static let event = APISchema("ChatEvent", json: ["oneOf": .array(types.map { type, members in data(of: type, members) })])

    private static let types: [(String, [String: JSONValue])] = [
        ("start", ["conversation_id": APISchema.string, "run_id": APISchema.string, "message_id": APISchema.string]),
        ("delta", ["delta": APISchema.string]),
        ("reasoning", ["delta": APISchema.string]),
        ("tool_call", call(["name": APISchema.string, "arguments": APISchema.string])),
        ("tool_result", call(["status": APISchema.choice(ToolResult.Status.allCases.map(\.rawValue)), "output": APISchema.string])),
        ("agent", ["name": APISchema.string]),
        ("approval", ["calls": APISchema.array(of: APISchema.pendingCall.reference)]),
        ("restart", ["turn": APISchema.count, "attempt": APISchema.count]),
        (
            "done",
            [
                "conversation_id": APISchema.string, "run_id": APISchema.string, "output": APISchema.string,
                "usage": APISchema.usage.reference,
            ]
        ),
        ("stopped", ["run_id": APISchema.string]),
        ("error", ["code": APISchema.string, "message": APISchema.string, "retry": APISchema.boolean]),
    ]

    /// `parent_call_id` is there for calls that an agent makes as a tool of another.
    private static func call(_ members: [String: JSONValue]) -> [String: JSONValue] {
        members.merging(["call_id": APISchema.string, "parent_call_id": APISchema.string]) { member, _ in member }
    }

    private static func data(of type: String, _ members: [String: JSONValue]) -> JSONValue {
        APISchema.object(members.merging(["type": ["const": .string(type)]]) { _, type in type }, optional: ["parent_call_id"])
    }
}

extension APISchema {
    static let usage = APISchema("Usage", ["requests": count, "input_tokens": count, "output_tokens": count, "total_tokens": count])
    static let pendingCall = APISchema("PendingCall", ["call_id": string, "name": string, "arguments": string])
}
