import AgentRuntime
import HTTPTypes
import Persistence

extension APIOperation {
    static let decide = APIOperation(
        "decide", .post, "/api/runs/{id}/approvals",
        "Says what becomes of a call that waits for the person. The run goes on once everything that it asked is decided.", scope: .chat,
        parameters: [.path("id", APISchema.string, "The run's id.")], body: .decision,
        answers: [.empty(.accepted, "The decision is stored, now or before.")], problems: [.conflict, .tooManyRequests])
}

extension APISchema {
    /// `arguments` go with an approval, `message` with a rejection.
    static let decision = APISchema(
        "ApprovalDecision",
        json: [
            "oneOf": [
                decision("approve", ["arguments": ["anyOf": [["type": "object"], ["type": "string"], null]], "message": null]),
                decision("reject", ["arguments": null, "message": nullable(text(1...2_000))]),
            ]
        ])

    private static func decision(_ name: String, _ members: [String: JSONValue]) -> JSONValue {
        let common: [String: JSONValue] = ["call_id": text(1...1_000), "decision": choice([name]), "always": nullable(boolean)]
        return object(common.merging(members) { first, _ in first }, optional: ["arguments", "always", "message"])
    }

    private static let null: JSONValue = ["type": "null"]
}
