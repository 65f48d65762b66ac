public import FoundationEssentials
import Yams

/// What a prompt file says about an MCP server: how it is reached, unless the command line says that, and on what terms its tools are used.
///
/// The keys are named as in the Agents SDK: https://openai.github.io/openai-agents-python/mcp/
public struct PromptServer: Sendable, Hashable {
    /// By which `tools:` lists it; nil for the name that it announces.
    public let name: String?
    public let file: String
    public let line: Int?
    /// Nil when the server is started by other means.
    let launch: Launch?

    private let needsApproval: MCPApprovalPolicy?
    private let filter: MCPToolFilter?
    private let prefixesNames: Bool?
    private let trustsReadOnlyHint: Bool?
    private let usesStructuredContent: Bool?
    private let connectTimeout: Duration?
    private let requestTimeout: Duration?
    private let retries: Int?
    private let retryBackoff: Duration?
    private let pageLimit: Int?

    enum Launch: Sendable, Hashable {
        case command(String, arguments: [String], environment: [String: String], workingDirectory: String?)
        case url(String, headers: [String: String])
    }

    /// Whether the file says how the server is reached.
    public var isLaunched: Bool { launch != nil }

    static let keys = [
        "command", "args", "env", "cwd", "url", "headers", "require_approval", "tool_filter", "include_server_in_tool_names",
        "trust_read_only_hint", "use_structured_content", "connect_timeout_seconds", "client_session_timeout_seconds", "max_retry_attempts",
        "retry_backoff_seconds_base", "max_list_pages",
    ]

    /// Reads one server from a YAML or JSON mapping, such as one of the command line, which may give its `name` too. Throws `PromptError`.
    public init(yaml: String, from source: String) throws {
        do {
            let fields = try FrontMatter(yaml: yaml, of: "the server", keys: ["name"] + PromptServer.keys, path: source)
            try self.init(fields, name: try fields.text("name"), line: nil)
        } catch var error as PromptError {
            error.line = nil
            throw error
        }
        guard isLaunched else { throw PromptError(file: source, "the server needs a 'command' or a 'url'.") }
    }

    init(_ fields: FrontMatter, name: String?, line: Int?) throws {
        self.name = name
        file = fields.path
        self.line = line
        launch = try fields.launch()
        needsApproval = try fields.approvalPolicy()
        filter = try fields.section("tool_filter", keys: ["allowed_tool_names", "blocked_tool_names"]).map { filter in
            MCPToolFilter(allowed: try filter.list("allowed_tool_names").map(Set.init), blocked: Set(try filter.list("blocked_tool_names") ?? []))
        }
        prefixesNames = try fields.flag("include_server_in_tool_names")
        trustsReadOnlyHint = try fields.flag("trust_read_only_hint")
        usesStructuredContent = try fields.flag("use_structured_content")
        connectTimeout = try fields.positiveSeconds("connect_timeout_seconds")
        requestTimeout = try fields.positiveSeconds("client_session_timeout_seconds")
        retries = try fields.retries()
        retryBackoff = try fields.seconds("retry_backoff_seconds_base")
        pageLimit = try fields.positive("max_list_pages")
    }

    /// Lays what the file says over the terms of a server.
    public func apply(to server: inout MCPServer) {
        server.name = name ?? server.name
        server.approval = needsApproval ?? server.approval
        server.filter = filter ?? server.filter
        server.prefixesNames = prefixesNames ?? server.prefixesNames
        server.trustsReadOnlyHint = trustsReadOnlyHint ?? server.trustsReadOnlyHint
        server.usesStructuredContent = usesStructuredContent ?? server.usesStructuredContent
        server.connectTimeout = connectTimeout ?? server.connectTimeout
        server.listTimeout = requestTimeout ?? server.listTimeout
        server.callTimeout = requestTimeout ?? server.callTimeout
        server.retries = retries ?? server.retries
        server.retryBackoff = retryBackoff ?? server.retryBackoff
        server.pageLimit = pageLimit ?? server.pageLimit
    }

    /// The server, if the file says how it is reached. Throws `PromptError` for a variable that is not set.
    /// - Parameters:
    ///   - transport: For a server with a `url`.
    ///   - environment: What `${NAME}` in `env` and `headers` stands for.
    public func server(
        over transport: @autoclosure () -> any Transport,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> MCPServer? {
        guard let launch else { return nil }
        var server: MCPServer
        switch launch {
        case .command(let command, let arguments, let variables, let workingDirectory):
            let variables = try variables.mapValues { try expanded($0, environment) }
            server = MCPServer(
                MCPStdioTransport(command: command, arguments: arguments, environment: variables, workingDirectory: workingDirectory))
        case .url(let url, let headers):
            var fields = TransportHeaders()
            for (name, value) in headers { fields[name] = try expanded(value, environment) }
            server = MCPServer(MCPStreamableHTTPTransport(url: url, transport: transport()) { [fields] in fields })
        }
        apply(to: &server)
        return server
    }

    private func expanded(_ text: String, _ environment: [String: String]) throws -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let variable = String(rest[start.upperBound..<end])
            guard let value = environment[variable] else {
                throw PromptError(
                    file: file, line: line, "the server '\(name ?? "")' needs the environment variable '\(variable)', which is not set.")
            }
            result += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}

extension FrontMatter {
    func servers() throws -> [PromptServer] {
        guard let node = fields["mcp_servers"] else { return [] }
        guard case .mapping(let mapping) = node else { throw mistake(node, "mcp_servers", "a mapping of names to servers") }
        return try mapping.map { key, value in
            guard let name = key.string, !name.isEmpty else { throw mistake(key, "mcp_servers", "a mapping of names to servers") }
            return try PromptServer(
                FrontMatter(value, of: "the server '\(name)'", keys: PromptServer.keys, path: path), name: name, line: key.mark?.line)
        }
    }

    fileprivate func launch() throws -> PromptServer.Launch? {
        let (command, url) = (try text("command"), try text("url"))
        let (arguments, environment, headers) = (try list("args"), try texts("env"), try texts("headers"))
        switch (command, url) {
        case (nil, nil):
            if let key = ["args", "env", "cwd", "headers"].first(where: { fields[$0] != nil }) {
                throw mistake(key, "beside a \(key == "headers" ? "'url'" : "'command'")")
            }
            return nil
        case (let command?, nil):
            if headers != nil { throw mistake("headers", "beside a 'url'") }
            return .command(command, arguments: arguments ?? [], environment: environment ?? [:], workingDirectory: try text("cwd"))
        case (nil, let url?):
            if let key = ["args", "env", "cwd"].first(where: { fields[$0] != nil }) { throw mistake(key, "beside a 'command'") }
            guard ["http://", "https://"].contains(where: url.hasPrefix) else {
                throw mistake("url", "an address that begins with http:// or https://")
            }
            return .url(url, headers: headers ?? [:])
        case (_?, _?): throw mistake("url", "left out where there is a 'command'")
        }
    }

    fileprivate func approvalPolicy() throws -> MCPApprovalPolicy? {
        guard let json = try json("require_approval") else { return nil }
        do {
            return try MCPApprovalPolicy(json)
        } catch {
            throw PromptError(file: path, line: fields["require_approval"]?.mark?.line, "'require_approval' cannot be used: \(error)")
        }
    }

    /// -1 is no limit, as in the Agents SDK.
    fileprivate func retries() throws -> Int? {
        try fields["max_retry_attempts"].map { node in
            guard let number = node.int, number >= -1 else {
                throw mistake(node, "max_retry_attempts", "a whole number from 0 up, or -1 for no limit")
            }
            return number == -1 ? .max : number
        }
    }

    fileprivate func positiveSeconds(_ key: String) throws -> Duration? {
        let duration = try seconds(key)
        if duration == .zero { throw mistake(key, "a number of seconds above 0") }
        return duration
    }
}

extension PromptServer: CustomReflectable {
    /// Without variables and headers, which hold credentials.
    public var customMirror: Mirror { Mirror(self, children: ["name": name ?? "", "file": file]) }
}
