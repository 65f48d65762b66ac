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

    public init(turn: Int, index: Int, callID: String, name: String, arguments: String, isHandoff: Bool = false) {
        self.turn = turn
        self.index = index
        self.callID = callID
        self.name = name
        self.arguments = arguments
        self.isHandoff = isHandoff
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index, name, arguments
        case callID = "call_id"
        case isHandoff = "is_handoff"
    }
}

/// How one call ended.
public struct ToolResult: Sendable, Hashable, Codable {
    public var turn: Int
    public var index: Int
    public var callID: String
    public var status: Status
    /// What the model reads.
    public var output: String
    /// What agents that ran within the call have used.
    public var usage: Usage?

    public enum Status: String, Sendable, Hashable, Codable {
        case ok, failed, rejected
        case timedOut = "timed_out"
    }

    public init(of call: ToolCall, status: Status, output: String) {
        turn = call.turn
        index = call.index
        callID = call.callID
        self.status = status
        self.output = output
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index, status, output, usage
        case callID = "call_id"
    }
}
