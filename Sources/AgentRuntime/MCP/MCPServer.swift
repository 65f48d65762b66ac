/// An MCP server whose tools agents may use, and on what terms.
public struct MCPServer: Sendable {
    /// Nil for the name that the server announces.
    public var name: String?
    public var transport: any MCPTransport
    public var filter: MCPToolFilter
    /// Whether the model sees `mcp_{server}__{tool}` instead of the tools' own names.
    public var prefixesNames: Bool
    /// Starting the server, or reaching it, with the handshake.
    public var connectTimeout: Duration
    /// One page of the list of tools.
    public var listTimeout: Duration
    /// One call, as the runner enforces it.
    public var callTimeout: Duration?
    /// Pages that the list of tools may have.
    public var pageLimit: Int
    /// Whether a tool that calls itself read-only is believed, so that its calls may run beside others.
    public var trustsReadOnlyHint: Bool
    /// Whether a tool that calls itself idempotent is believed, so that a call that was cut off is made again.
    public var trustsIdempotentHint: Bool
    /// Whether the model reads a result's structured content, where there is some, instead of its content.
    public var usesStructuredContent: Bool
    /// Which calls a person is asked about.
    public var approval: MCPApprovalPolicy
    /// How often what failed on the server's side (HTTP 408 and 5xx, a lost connection) is asked again. A call may then be made twice, so there
    /// is none unless the server's tools can bear it.
    public var retries: Int
    /// Before the first repetition; doubled for each one after it, up to 60 seconds.
    public var retryBackoff: Duration
    /// Told of every message that the server sends of its own accord. The connection waits for it.
    public var onMessage: (@Sendable (JSONValue) async -> Void)?

    public init(
        _ transport: any MCPTransport,
        name: String? = nil,
        filter: MCPToolFilter = MCPToolFilter(),
        prefixesNames: Bool = false,
        connectTimeout: Duration = .seconds(30),
        listTimeout: Duration = .seconds(5),
        callTimeout: Duration? = .seconds(5),
        pageLimit: Int = 1_000,
        trustsReadOnlyHint: Bool = false,
        trustsIdempotentHint: Bool = false,
        usesStructuredContent: Bool = false,
        approval: MCPApprovalPolicy = .never,
        retries: Int = 0,
        retryBackoff: Duration = .seconds(1),
        onMessage: (@Sendable (JSONValue) async -> Void)? = nil
    ) {
        self.transport = transport
        self.name = name
        self.filter = filter
        self.prefixesNames = prefixesNames
        self.connectTimeout = connectTimeout
        self.listTimeout = listTimeout
        self.callTimeout = callTimeout
        self.pageLimit = pageLimit
        self.trustsReadOnlyHint = trustsReadOnlyHint
        self.trustsIdempotentHint = trustsIdempotentHint
        self.usesStructuredContent = usesStructuredContent
        self.approval = approval
        self.retries = retries
        self.retryBackoff = retryBackoff
        self.onMessage = onMessage
    }
}

/// Which tools of a server are offered: those allowed, if any are named, less those blocked.
public struct MCPToolFilter: Sendable, Hashable {
    /// Nil for all.
    public var allowed: Set<String>?
    public var blocked: Set<String>

    public init(allowed: Set<String>? = nil, blocked: Set<String> = []) {
        self.allowed = allowed
        self.blocked = blocked
    }

    func lets(_ tool: String) -> Bool {
        (allowed?.contains(tool) ?? true) && !blocked.contains(tool)
    }
}
