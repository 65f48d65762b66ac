/// What a run gives in place of an error; a handler that gives nil leaves the error as it is.
public struct ErrorHandlers<Context: Sendable>: Sendable {
    public typealias Handler = @Sendable (UnfinishedRun<Context>) async throws -> HandledOutput?

    public var maxTurns: Handler?
    public var modelRefusal: Handler?
    /// For final text that does not fit the output type; with it an empty answer is not asked for again.
    public var invalidFinalOutput: Handler?

    public init(maxTurns: Handler? = nil, modelRefusal: Handler? = nil, invalidFinalOutput: Handler? = nil) {
        self.maxTurns = maxTurns
        self.modelRefusal = modelRefusal
        self.invalidFinalOutput = invalidFinalOutput
    }

    func handler(for error: RunError) -> Handler? {
        switch error {
        case .maxTurnsExceeded: maxTurns
        case .modelRefusal: modelRefusal
        case .invalidFinalOutput: invalidFinalOutput
        default: nil
        }
    }
}

/// A run that is about to fail, as its error handler sees it.
public struct UnfinishedRun<Context: Sendable>: Sendable {
    public let error: RunError
    public let context: RunContext<Context>
    /// The run's input and all that came of it.
    public let items: [Item]
    /// All that the run's log says.
    public let report: RunReport
}

/// The final output that an error handler gives.
public struct HandledOutput: Sendable, Hashable, Codable {
    /// A string for an agent without an output type, else a value that fits the type.
    public var value: JSONValue
    /// Whether the output becomes a message of the conversation.
    public var isInHistory: Bool
    /// The value as a model of the agent would have written it; set once it is known to fit.
    private(set) var message: String?

    public init(_ value: JSONValue, isInHistory: Bool = true) {
        self.value = value
        self.isInHistory = isInHistory
    }

    /// The text of the final output, and of its message.
    var text: String { message ?? value.string ?? value.text }

    /// Throws `SchemaMismatch` for a value that does not fit.
    func fitted(to type: OutputType) throws -> HandledOutput {
        var output = self
        output.message = try type.text(of: value)
        return output
    }

    private enum CodingKeys: String, CodingKey {
        case value, message
        case isInHistory = "is_in_history"
    }
}
