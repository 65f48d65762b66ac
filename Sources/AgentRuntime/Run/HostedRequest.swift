/// A provider's question whether it may call a tool of an MCP server that it reaches itself:
/// https://platform.openai.com/docs/guides/tools-connectors-mcp#approvals
struct HostedRequest: Sendable, Hashable {
    var id: String
    /// The label of the server.
    var server: String
    var name: String
    var arguments: String

    init?(_ item: Item) {
        guard case .other(let json) = item, json["type"] == "mcp_approval_request", let id = json["id"]?.string else { return nil }
        self.id = id
        server = json["server_label"]?.string ?? ""
        name = json["name"]?.string ?? ""
        arguments = json["arguments"].arguments
    }

    /// What is asked about; nil for a call that is made here.
    init?(_ call: Interruption) {
        guard case .hostedMCP(let server)? = call.origin else { return nil }
        (id, self.server, name, arguments) = (call.callID, server, call.name, call.arguments)
    }
}

extension ModelResponse {
    /// The provider's questions, by their places behind the calls.
    var hostedRequests: [Int: HostedRequest] {
        let first = functionCalls.count
        return Dictionary(uniqueKeysWithValues: items.compactMap(HostedRequest.init).enumerated().map { (first + $0, $1) })
    }
}

extension Interruption {
    init(_ request: HostedRequest, turn: Int, index: Int, agent: String) {
        let call = ToolCall(
            turn: turn, index: index, callID: request.id, name: request.name, arguments: request.arguments, origin: .hostedMCP(server: request.server)
        )
        self.init(call, agent: agent, toolVersion: "")
    }
}

extension ApprovalDecision {
    /// What the provider reads of the decision about its question; nil when the call is made here, or within another one.
    var hostedResponse: Item? {
        guard call.path.isEmpty, let request = HostedRequest(call) else { return nil }
        var json: [String: JSONValue] = [
            "type": "mcp_approval_response", "approval_request_id": .string(request.id), "approve": .bool(verdict == .approve),
        ]
        if verdict == .reject, let message { json["reason"] = .string(message) }
        return .other(.object(json))
    }
}

extension [Item] {
    /// Without questions of a provider that nobody has answered, after which it could not be asked.
    var withoutOpenRequests: [Item] {
        let answered = Set(compactMap { if case .other(let json) = $0 { json["approval_request_id"]?.string } else { nil } })
        return filter { HostedRequest($0).map { answered.contains($0.id) } ?? true }
    }
}

extension RunState {
    /// The provider's questions that nobody has answered yet, in order.
    var openRequests: [Interruption] {
        approvals.hosted.sorted { $0.key < $1.key }.map { Interruption($1, turn: turn, index: $0, agent: agent.name) }
    }

    /// What can be said to the provider's questions without a person.
    var hostedStep: NextStep<Context>? {
        let open = openRequests
        let lasting = open.compactMap { call in approvals.lastingDecision(about: call).map { ApprovalDecision(call: call, like: $0) } }
        if !lasting.isEmpty { return .answerHosted(lasting) }
        let unchecked = open.filter { !approvals.isChecked($0.index) }
        return unchecked.isEmpty ? nil : .judgeHosted(unchecked)
    }
}

extension Runner {
    /// The program answers the provider's questions, or leaves them to a person.
    func judge<Context>(_ requests: [Interruption], in run: RunInProgress<Context>) async throws {
        let context = run.publicContext()
        var check = ApprovalCheck(turn: run.state.turn, waiting: [])
        for request in requests {
            guard let decision = try await run.config.onHostedApproval?(request, context) else { check.waiting.append(request.index); continue }
            try run.journal.record(.approvalDecided(decision))
        }
        if !check.waiting.isEmpty { try run.journal.record(.approvalChecked(check)) }
    }
}
