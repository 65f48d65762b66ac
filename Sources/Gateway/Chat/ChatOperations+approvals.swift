import AgentRuntime
import HTTPTypes

extension APIOperation {
    static let decide = APIOperation(
        "decide", .post, "/api/runs/{id}/approvals",
        "Says what becomes of a call that waits for the person. The run goes on once everything that it asked is decided.",
        parameters: [.path("id", APISchema.string, "The run's id.")], body: .decision,
        answers: [.empty(.accepted, "The decision is stored, now or before.")], problems: [.conflict, .tooManyRequests]
    ).signedIn()
}

extension APISchema {
    /// `arguments` go with an approval, `message` with a rejection.
    static let decision = APISchema(
        "ApprovalDecision",
        [
            "call_id": text(1...1_000), "decision": choice(["approve", "reject"]),
            "arguments": ["anyOf": [["type": "object"], ["type": "string"], ["type": "null"]]],
            "always": nullable(boolean), "message": nullable(text(1...2_000)),
        ], optional: ["arguments", "always", "message"])
}
