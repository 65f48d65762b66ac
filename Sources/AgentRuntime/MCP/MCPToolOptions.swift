/// How an agent uses the tools of a server, where that depends on the run.
public struct MCPToolOptions<Context: Sendable>: Sendable {
    /// Whether a tool is offered in this run, asked before each model call; one that throws hides the tool.
    public var filter: (@Sendable (_ tool: MCPTool, _ run: RunContext<Context>) async throws -> Bool)?
    /// Whether a person is asked about a call, in place of the server's own policy.
    public var needsApproval: (@Sendable (_ tool: MCPTool, _ arguments: JSONValue, _ run: RunContext<Context>) async throws -> Bool)?
    /// What goes beside the arguments of a call, for the server: https://modelcontextprotocol.io/specification/2025-06-18/basic#meta
    public var meta: (@Sendable (_ tool: MCPTool, _ arguments: JSONValue, _ run: RunContext<Context>) async throws -> JSONValue?)?
    /// Header fields of each call over HTTP, such as the caller's credential; they beat those of the transport. The server's session is shared.
    public var headers: (@Sendable (_ run: RunContext<Context>) async throws -> TransportHeaders)?
    public var inputGuardrails: [ToolInputGuardrail<Context>] = []
    public var outputGuardrails: [ToolOutputGuardrail<Context>] = []
    public var errorBehavior = ToolErrorBehavior<Context>.tellModel

    public init() {}

    func apply(to offered: inout AnyTool<Context>, _ tool: MCPTool, _ policy: MCPApprovalPolicy) {
        if let filter { offered.isEnabled = { run in (try? await filter(tool, run)) ?? false } }
        offered.needsApproval = policy.needsApproval(of: tool.name) ? .always : .never
        if let needsApproval { offered.needsApproval = .when { run, arguments in try await needsApproval(tool, arguments, run) } }
        offered.inputGuardrails = inputGuardrails
        offered.outputGuardrails = outputGuardrails
        offered.errorBehavior = errorBehavior
    }
}
