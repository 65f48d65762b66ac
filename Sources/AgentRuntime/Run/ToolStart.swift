/// That a call which reaches outside was about to be made.
public struct ToolStart: Sendable, Hashable, Codable {
    public var turn: Int
    /// The place among the calls of its response, from 0.
    public var index: Int
    /// The host's name for the call, which stays the same when it is made again: `CallKey.text`.
    public var key: String

    public init(turn: Int, index: Int, key: String) {
        self.turn = turn
        self.index = index
        self.key = key
    }
}

extension ToolStart {
    /// What the model reads of a call that was begun and cut off.
    static let unknownOutcome = """
        This call was begun and then cut off before its outcome was known: it may or may not have taken effect. It was not repeated. Find out \
        what came of it, or ask the person, before you make it again.
        """
}
