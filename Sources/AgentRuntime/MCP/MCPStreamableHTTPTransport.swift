public import Logging
import Synchronization

/// Speaks to an MCP server over HTTP: https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http
public struct MCPStreamableHTTPTransport: MCPTransport {
    private let url: String
    private let transport: any Transport
    private let headers: @Sendable () async throws -> TransportHeaders

    /// - Parameter headers: Asked before each request, so that a credential of the caller can be renewed; sent to `url` and nowhere else.
    public init(url: String, transport: any Transport, headers: @escaping @Sendable () async throws -> TransportHeaders = { [:] }) {
        self.url = url
        self.transport = transport
        self.headers = headers
    }

    public var opensSessions: Bool { true }

    /// Without a user's name, a query or a fragment, where credentials would be.
    public var label: String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let start = bare.firstRange(of: "://")?.upperBound else { return String(bare) }
        let authority = bare[start...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(bare) }
        return String(bare[..<start] + bare[bare.index(after: at)...])
    }

    public func withConnection(logger: Logger, _ body: @escaping @Sendable (MCPConnection) async throws -> Void) async throws {
        let (incoming, received) = AsyncThrowingStream<JSONValue, any Error>.makeStream()
        let exchange = MCPHTTPExchange(url: url, transport: transport, headers: headers, received: received)
        let (agreement, agree) = AsyncStream<Void>.makeStream()
        let connection = MCPConnection(
            incoming: incoming, send: { try await exchange.send($0) },
            agreed: { version in
                exchange.agree(on: version)
                agree.yield()
                agree.finish()
            }, sessionID: { exchange.sessionID })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in agreement { await exchange.listen(logger) }
            }
            var outcome: Result<Void, any Error> = .success(())
            do { try await body(connection) } catch { outcome = .failure(error) }
            group.cancelAll()
            // Waited for, in a task of its own: the server is told also when this one is cancelled.
            await Task { await exchange.end() }.value
            try outcome.get()
        }
    }
}
