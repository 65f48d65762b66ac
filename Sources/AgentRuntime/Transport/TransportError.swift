/// Why a request got no response, or its response no end.
public enum TransportError: Error, Sendable, Hashable {
    case couldNotResolve
    case couldNotConnect
    /// The peer could not be trusted or spoken to; trying again will not help.
    case tls(String)
    case connectTimedOut
    case firstByteTimedOut
    case betweenBytesTimedOut
    case totalTimedOut
    /// The connection ended before the response did.
    case connectionLost(String)
    /// What came back is not HTTP.
    case malformedResponse(String)
    /// The address was refused before anything was sent.
    case refusedURL(String)
    /// The method or a header field was refused before anything was sent.
    case refusedRequest(String)
    /// The header fields are longer than `limit` bytes.
    case headersTooLarge(limit: Int)
    /// The body is longer than `limit` bytes, or that much of it was left unread.
    case bodyTooLarge(limit: Int)
    /// The task that sent the request or read its body was cancelled.
    case cancelled
    /// A body can be read once.
    case bodyAlreadyRead
    /// The transport was shut down.
    case shutDown

    /// Whether one of the request's own deadlines ended it.
    public var isTimeout: Bool {
        switch self {
        case .connectTimedOut, .firstByteTimedOut, .betweenBytesTimedOut, .totalTimedOut: true
        default: false
        }
    }

    /// Whether the same request may succeed a moment later, provided nothing of the answer was used yet.
    public var isTransient: Bool {
        switch self {
        case .couldNotResolve, .couldNotConnect, .connectTimedOut, .firstByteTimedOut, .betweenBytesTimedOut, .connectionLost: true
        case .tls, .totalTimedOut, .malformedResponse, .refusedURL, .refusedRequest, .headersTooLarge, .bodyTooLarge, .cancelled,
            .bodyAlreadyRead, .shutDown:
            false
        }
    }
}

extension TransportError: CustomStringConvertible {
    /// A sentence that names a host at most: no path or query, header value or content.
    public var description: String {
        switch self {
        case .couldNotResolve: "The name of the model server could not be resolved."
        case .couldNotConnect: "The model server refused the connection or could not be reached."
        case .tls(let reason): "No trusted connection to the model server could be made: \(reason)."
        case .connectTimedOut: "The connection to the model server took too long."
        case .firstByteTimedOut: "The model server took too long to begin its answer."
        case .betweenBytesTimedOut: "The model server fell silent in the middle of its answer."
        case .totalTimedOut: "The model server took too long to finish its answer."
        case .connectionLost(let reason): "The connection to the model server was lost: \(reason)."
        case .malformedResponse(let reason): "The model server's answer is not HTTP: \(reason)."
        case .refusedURL(let reason): "The address of the model server was refused: \(reason)."
        case .refusedRequest(let reason): "The request to the model server was refused: \(reason)."
        case .headersTooLarge(let limit): "The header of the model server's answer is longer than \(limit) bytes."
        case .bodyTooLarge(let limit): "More than \(limit) bytes of the model server's answer came at once or in all."
        case .cancelled: "The request to the model server was cancelled."
        case .bodyAlreadyRead: "The model server's answer was already read."
        case .shutDown: "The connection pool was shut down."
        }
    }
}
