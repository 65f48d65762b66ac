public import Logging

/// Reaches one MCP server: https://modelcontextprotocol.io/specification/2025-06-18/basic/transports
public protocol MCPTransport: Sendable {
    /// The server's command or address, for people; without credentials.
    var label: String { get }

    /// Whether a connection beside others is a session of its own with the same server, instead of another server.
    var opensSessions: Bool { get }

    /// Opens a connection, gives it to `body`, and has closed it when `body` is done.
    func withConnection(logger: Logger, _ body: @escaping @Sendable (MCPConnection) async throws -> Void) async throws
}

extension MCPTransport {
    public var opensSessions: Bool { false }
}

/// An open connection to an MCP server, valid while the transport's `withConnection` lasts.
public struct MCPConnection: Sendable {
    /// What the server says, in order; it ends, or throws, when the connection is lost.
    public let incoming: AsyncThrowingStream<JSONValue, any Error>
    /// Sends one message, for one task at a time or many. Throws `MCPError.undelivered` when the server certainly has not got it.
    public let send: @Sendable (JSONValue) async throws -> Void
    /// Told once, when both sides agreed on a version of the protocol.
    public let agreed: @Sendable (_ version: String) async -> Void
    /// The id that the server gave the session; nil when it gave none.
    public let sessionID: @Sendable () -> String?

    public init(
        incoming: AsyncThrowingStream<JSONValue, any Error>,
        send: @escaping @Sendable (JSONValue) async throws -> Void,
        agreed: @escaping @Sendable (_ version: String) async -> Void = { _ in },
        sessionID: @escaping @Sendable () -> String? = { nil }
    ) {
        self.incoming = incoming
        self.send = send
        self.agreed = agreed
        self.sessionID = sessionID
    }
}
