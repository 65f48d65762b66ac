/// One call that the model asked for, at its place in the run.
public struct ToolCall: Sendable, Hashable, Codable {
    public var turn: Int
    /// The place among the calls of its response, from 0.
    public var index: Int
    /// The provider's id, echoed to it and used for nothing else.
    public var callID: String
    public var name: String
    /// The model's text, which need not be JSON.
    public var arguments: String
    /// Whether the call asks for another agent instead of a tool.
    public var isHandoff: Bool
    /// Where the tool came from; nil for handoffs and tools that the agent does not have.
    public var origin: ToolOrigin?
    private var destructive: Bool?

    /// Whether the tool said, when the call was asked for, that a call takes something away for good.
    public var isDestructive: Bool {
        get { destructive ?? false }
        set { destructive = newValue ? true : nil }
    }

    public init(
        turn: Int,
        index: Int,
        callID: String,
        name: String,
        arguments: String,
        isHandoff: Bool = false,
        origin: ToolOrigin? = nil
    ) {
        self.turn = turn
        self.index = index
        self.callID = callID
        self.name = name
        self.arguments = arguments
        self.isHandoff = isHandoff
        self.origin = origin
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index, name, arguments, origin
        case callID = "call_id"
        case isHandoff = "is_handoff"
        case destructive = "is_destructive"
    }
}

/// How one call ended.
public struct ToolResult: Sendable, Hashable, Codable {
    public var turn: Int
    public var index: Int
    public var callID: String
    public var status: Status
    /// What the model reads; the text of it when there is `content`.
    public var output: String
    /// What the model reads of an output that is more than text.
    public var content: [Item.Part]?
    /// What the tool's guardrails said, those of the input first; nil for a tool without any.
    public var guardrails: [ToolGuardrailResult]?
    /// What the tool wants kept and no model sees.
    public var customData: JSONValue?
    /// What agents that ran within the call have used.
    public var usage: Usage?

    public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
        case ok, failed, rejected
        case timedOut = "timed_out"
        /// It was begun, and nobody knows what came of it.
        case unknown
    }

    public init(of call: ToolCall, status: Status, output: String) {
        turn = call.turn
        index = call.index
        callID = call.callID
        self.status = status
        self.output = output
    }

    init(of call: ToolCall, output: ToolOutput) {
        self.init(of: call, status: .ok, output: output.text)
        if case .content(let parts) = output { content = parts.map(\.part) }
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index, status, output, content, guardrails, usage
        case callID = "call_id"
        case customData = "custom_data"
    }
}
