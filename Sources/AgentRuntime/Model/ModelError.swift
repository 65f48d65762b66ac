/// Why a model gave no response; said to operators, never to a browser.
public enum ModelError: Error, Sendable, Hashable {
    /// The provider answered with an error status; `message` is its own.
    ///
    /// `shouldRetry` is what the provider says about trying again, against what the status suggests.
    case http(status: Int, message: String, retryAfter: Duration?, shouldRetry: Bool? = nil)
    /// Another request is under way in the conversation that the provider keeps; the text is the provider's.
    case conversationLocked(String)
    /// The connection failed before the answer began.
    case transport(TransportError)
    /// The provider failed so often a moment ago that it was not asked.
    case circuitOpen
    /// The connection failed in the middle of the answer.
    case interrupted(TransportError)
    /// The provider began an answer and then reported an error in place of its end.
    case failed(code: String?, message: String)
    /// What came is not what the wire API says: a broken stream, broken JSON, no terminal event.
    case malformed(String)
    /// The provider ended the response for its content.
    case contentFiltered
    /// The response hit the token limit before anything usable was there.
    case lengthLimitReached
}

extension ModelError {
    /// Whether the same request may succeed a moment later, provided that nothing of the answer was used.
    public var isTransient: Bool {
        switch self {
        case .http(_, _, _, let shouldRetry?): shouldRetry
        case .http(let status, _, _, nil): [408, 409, 429].contains(status) || (500...599).contains(status)
        case .transport(let error): error.isTransient
        case .conversationLocked: true
        case .circuitOpen, .interrupted, .failed, .malformed, .contentFiltered, .lengthLimitReached: false
        }
    }
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .http(let status, let message, _, _): "The model provider answered \(status): \(message)"
        case .conversationLocked(let message): "The model provider answered 400: \(message)"
        case .transport(let error): "The model provider could not be reached: \(error)"
        case .circuitOpen: "The model provider failed so often a moment ago that it was not asked."
        case .interrupted(let error): "The model provider's answer broke off: \(error)"
        case .failed(let code, let message): "The model provider failed during its answer: \(message)\(code.map { " (\($0))" } ?? "")"
        case .malformed(let reason): "The model provider's answer cannot be used: \(reason)"
        case .contentFiltered: "The model provider withheld the answer for its content."
        case .lengthLimitReached: "The model's answer hit its token limit."
        }
    }
}
