/// Why an MCP server gave no answer.
public enum MCPError: Error, Sendable, Hashable {
    /// There is no connection, and none could be made.
    case unreachable(String)
    /// The server certainly has not got the message, so that it may be sent again.
    case undelivered(String)
    /// The connection ended before the answer; whether the server acted is not known.
    case connectionLost
    /// The server took longer than it was given.
    case timedOut(Duration)
    /// The server's own error: https://www.jsonrpc.org/specification#error_object
    case refused(code: Int, message: String)
    /// The server did what the protocol does not allow.
    case malformed(String)
    /// The client was closed.
    case closed
}

/// A server that could not be connected, by name.
public struct MCPServerUnusable: Error, Sendable, Hashable, CustomStringConvertible {
    public let server: String
    public let cause: MCPError

    public init(server: String, cause: MCPError) {
        self.server = server
        self.cause = cause
    }

    public var description: String { "The tool server '\(server)' cannot be used. \(cause)" }
}

extension MCPError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let reason), .undelivered(let reason): "The tool server cannot be reached: \(reason)"
        case .connectionLost: "The connection to the tool server was lost; whether it acted is not known."
        case .timedOut(let limit): "The tool server took longer than \(DeadlineExceeded(limit: limit).seconds) seconds."
        case .refused(_, let message): "The tool server refused: \(message)"
        case .malformed(let reason): "The tool server's answer cannot be used: \(reason)."
        case .closed: "The connection to the tool server is closed."
        }
    }
}

extension MCPError {
    /// Whether the same request may succeed on another connection, although the server may have acted on this one.
    var isServersFault: Bool {
        switch self {
        case .connectionLost: true
        case .refused(let code, _): code == 408 || (500...599).contains(code)
        default: false
        }
    }
}
