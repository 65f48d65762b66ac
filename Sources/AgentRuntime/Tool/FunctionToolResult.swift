/// One call that a tool carried out, with what came of it.
public struct FunctionToolResult: Sendable, Hashable {
    public var call: ToolCall
    public var result: ToolResult
}

/// What an agent makes of the results of its tools.
public enum ToolsToFinalOutputResult: Sendable, Hashable {
    /// The model reads the outputs and goes on.
    case notFinal
    /// The final output; an agent without an output type gives a string as it is and anything else as its JSON text.
    case final(JSONValue)
}

/// What was made of the results of one response's calls.
public struct ToolUseDecision: Sendable, Hashable, Codable {
    public var turn: Int
    public var isFinal: Bool
    /// Nil for null.
    public var output: JSONValue?

    init(turn: Int, _ result: ToolsToFinalOutputResult) {
        self.turn = turn
        if case .final(let value) = result { (isFinal, output) = (true, value.isNull ? JSONValue?.none : value) } else { isFinal = false }
    }

    private enum CodingKeys: String, CodingKey {
        case turn, output
        case isFinal = "is_final"
    }
}
