import FoundationEssentials
import Testing

@testable import AgentRuntime

@Suite struct RunEventTests {
    private static let call = ToolCall(turn: 1, index: 0, callID: "c1", name: "add", arguments: #"{"a":"é\n"}"#)

    private static let question = Interruption(call, agent: "A", toolVersion: "2")

    private static var fullResult: RunEvent {
        let content: [ToolContent] = [.text("See"), .image(url: "data:image/png;base64,AA==", detail: "low")]
        var result = ToolResult(of: call, output: .content(content))
        result.guardrails = [ToolGuardrailResult("g", isInput: true, ToolGuardrailOutput(.allow, info: ["seen": true]))]
        result.customData = ["rows": 3]
        return .toolResult(result)
    }

    static let events: [RunEvent] = [
        .start(
            RunStart(
                agent: "A", input: [.user("Hi"), .assistant("x"), .call("f", "{", id: "c"), .output("o", of: "c")], facts: ["today": "2026-01-02"])),
        .guardrail(GuardrailVerdict(guardrail: "length", isInput: true, isTripped: true, reason: "long")),
        .guardrail(GuardrailVerdict(guardrail: "length", isInput: false, isTripped: false)), .delta("a \"b\" 🌍\n"), .reasoning("hm"),
        .response(
            turn: 2,
            ModelResponse(
                items: [.other(["type": "reasoning", "id": "r"]), .assistant("x")],
                usage: Usage(requests: 1, inputTokens: 2, outputTokens: 3, totalTokens: 9, cachedTokens: 1, reasoningTokens: 1), id: "resp_1")),
        .toolCall(call), .toolCall(ToolCall(turn: 1, index: 1, callID: "c2", name: "transfer_to_b", arguments: "", isHandoff: true)),
        .toolCall(ToolCall(turn: 1, index: 2, callID: "c3", name: "rain", arguments: "{}", origin: .mcp(server: "sky"))), fullResult,
        .toolGuardrail(ToolGuardrailTrip(of: call, [ToolGuardrailResult("g", isInput: false, ToolGuardrailOutput(.raise("bad")))])),
        .toolUse(ToolUseDecision(turn: 1, .notFinal)), .toolUse(ToolUseDecision(turn: 1, .final(nil))),
        .guardrail(GuardrailVerdict(guardrail: "x", isInput: false, isTripped: true, turn: 1, info: ["p": 0.5], replacement: "Withheld.")),
        .toolStarted(ToolStart(turn: 1, index: 0, key: "r/1/0")), .toolResult(ToolResult(of: call, status: .unknown, output: "who knows")),
        .toolResult(ToolResult(of: call, status: .timedOut, output: "late")), .handoff(HandoffRecord(from: "A", to: "B", call: call)),
        .approvalChecked(ApprovalCheck(turn: 1, waiting: [0], isAgain: true)), .inputAdded([.user("More")]),
        .nested(ParentCall(call), .nested(ParentCall(call), .inputAdded([.user("More")]))), .nested(ParentCall(call), .delta("a")),
        .approvalChecked(ApprovalCheck(turn: 1, waiting: [0], cleared: [1, 2])), .approvalRequested([question]),
        .approvalDecided(question.approve(arguments: "{}", always: true)), .approvalDecided(question.reject(message: "No.")),
        .recovered(HandledOutput(["n": 1], isInHistory: false)), .response(turn: 1, ModelResponse(items: []), sent: [0, 2]),
        .compaction(CompactionRecord(replaced: [0, 1])),
        .compaction(CompactionRecord(replaced: [1], summary: .assistant("short"), usage: Usage(requests: 1))),
        .restart(turn: 2, attempt: 3), .done(RunOutput(output: "{}", value: ["a": [1, nil]], usage: Usage())),
        .done(RunOutput(output: "x", usage: Usage(requests: 1))), .stopped, .error(.interrupted),
    ]

    @Test(arguments: events)
    func anEventComesBackFromItsJSON(event: RunEvent) throws {
        let data = try JSONEncoder.stable.encode(RunRecord(id: 7, event: event))
        #expect(try JSONDecoder().decode(RunRecord.self, from: data) == RunRecord(id: 7, event: event))
        let json = try JSONValue(encoding: event)
        #expect(json["type"]?.string == event.type)
        #expect(try json.decode(as: RunEvent.self) == event)
    }

    @Test func onlyWhatIsSaidIsNotDecided() {
        #expect(Self.events.filter { !$0.isDecided }.map(\.type) == ["delta", "reasoning", "nested_delta"])
        #expect(Self.events.filter(\.isTerminal).map(\.type) == ["done", "done", "stopped", "error"])
    }

    @Test(arguments: ["{}", #"{"type":"unknown"}"#, #"{"type":"delta"}"#, #"{"type":"done","output":7}"#, "[]"])
    func whatIsNoEventIsRefused(json: String) {
        #expect(throws: (any Error).self) { try JSONDecoder().decode(RunEvent.self, from: Data(json.utf8)) }
    }
}
