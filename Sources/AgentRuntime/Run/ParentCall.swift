/// The call within which a nested run happens.
public struct ParentCall: Sendable, Hashable, Codable {
    public var turn: Int
    /// The place among the calls of its response, from 0.
    public var index: Int
    /// The provider's id.
    public var callID: String

    public init(turn: Int, index: Int, callID: String) {
        self.turn = turn
        self.index = index
        self.callID = callID
    }

    init(_ call: ToolCall) {
        self.init(turn: call.turn, index: call.index, callID: call.callID)
    }

    private enum CodingKeys: String, CodingKey {
        case turn, index
        case callID = "call_id"
    }
}

extension RunEvent {
    /// The calls within which the event happened, the outermost first, and what happened there; no calls for an event of the run itself.
    public var origin: (path: [ParentCall], event: RunEvent) {
        var path: [ParentCall] = []
        var event = self
        while case .nested(let parent, let inner) = event {
            path.append(parent)
            event = inner
        }
        return (path, event)
    }
}
