/// Why a model gave no response; said to operators, never to a browser.
public enum ModelError: Error, Sendable, Hashable {
    /// The provider answered with an error status; `message` is its own.
    case http(status: Int, message: String, retryAfter: Duration?)
    case transport(TransportError)
    /// What came is not what the wire API says: a broken stream, broken JSON, no terminal event.
    case malformed(String)
    /// The provider ended the response for its content.
    case contentFiltered
    /// The response hit the token limit before anything usable was there.
    case lengthLimitReached
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .http(let status, let message, _): "The model provider answered \(status): \(message)"
        case .transport(let error): "The model provider could not be reached: \(error)"
        case .malformed(let reason): "The model provider's answer cannot be used: \(reason)"
        case .contentFiltered: "The model provider withheld the answer for its content."
        case .lengthLimitReached: "The model's answer hit its token limit."
        }
    }
}
