extension MCPClient {
    /// The server's tools as the runner calls them, those that the server's filter lets pass, in the server's order.
    /// - Parameter taken: Names that tools with the server's name in theirs must not have.
    public func tools<Context>(
        for context: Context.Type = Context.self,
        options: MCPToolOptions<Context> = MCPToolOptions(),
        avoiding taken: Set<String> = []
    ) async throws -> [AnyTool<Context>] {
        let listed = try await tracedTools()
        return listed.map { anyTool($0, of: name, options, avoiding: taken) }
    }

    /// What passes the filter, as a span of the trace that wants to know.
    private func tracedTools() async throws -> [MCPTool] {
        try await withSpan(.mcpTools(server: name.isEmpty ? server.transport.label : name), failing: "Error listing MCP tools") { span in
            let tools = try await listTools().filter { server.filter.lets($0.name) }
            span?.update { $0 = .mcpTools(server: name, tools: tools.map(\.name)) }
            return tools
        }
    }

    private func anyTool<Context>(
        _ tool: MCPTool,
        of serverName: String,
        _ options: MCPToolOptions<Context>,
        avoiding taken: Set<String>
    ) -> AnyTool<Context> {
        let shownName = server.prefixesNames ? MCPToolName.prefixed(tool.name, of: serverName, avoiding: taken) : tool.name
        let effect: ToolEffect = server.trustsReadOnlyHint && tool.isReadOnly ? .reads : .external
        var offered = AnyTool<Context>(
            definition: ToolDefinition(name: shownName, description: tool.description, parameters: tool.inputSchema, isStrict: false),
            policy: ToolPolicy(
                effect: effect, timeout: server.callTimeout, isDestructive: tool.isDestructive,
                isIdempotent: server.trustsIdempotentHint && tool.isIdempotent),
            perform: { text, run in
                try await MCPCallHeaders.$current.withValue(options.headers?(run) ?? [:]) {
                    try await self.output(of: tool, text) { arguments in
                        MCPCallKey.added(run.call, to: try await options.meta?(tool, arguments, run))
                    }
                }
            })
        options.apply(to: &offered, tool, server.approval)
        offered.origin = .mcp(server: serverName)
        return offered
    }

    /// What the model reads of one call; the runner keeps the time and cancels.
    private func output(of tool: MCPTool, _ text: String, meta: (JSONValue) async throws -> JSONValue?) async throws -> ToolOutput {
        let result: MCPToolResult
        do {
            let arguments = try arguments(text, of: tool)
            result = try await call(tool.name, arguments: arguments, meta: meta(arguments), within: nil)
        } catch let error as MCPError {
            throw ToolFailure(error.description)
        } catch is CancellationError where !Task.isCancelled {
            throw ToolFailure("The call of '\(tool.name)' was cancelled by the tool server.")
        }
        // What went wrong is said in the content, also where there is structured content beside it.
        guard !result.isError else { throw ToolFailure(result.text.isEmpty ? "The tool failed and gave no reason." : result.text) }
        guard server.usesStructuredContent, let structured = result.structuredContent, structured.object?.isEmpty == false else {
            return result.output
        }
        return .text(structured.text)
    }

    /// Checked before the server sees them.
    private func arguments(_ text: String, of tool: MCPTool) throws -> JSONValue {
        let isBlank = text.utf8.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let arguments = isBlank ? [:] : try? JSONValue(json: text), arguments.object != nil else {
            throw ToolFailure("The arguments of '\(tool.name)' must be a JSON object.")
        }
        if let name = tool.missingArgument(in: arguments) { throw ToolFailure("The required argument '\(name)' of '\(tool.name)' is missing.") }
        return arguments
    }
}
