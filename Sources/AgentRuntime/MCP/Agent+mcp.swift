extension Agent {
    /// The agent with the tools of these servers before its own, as the servers list them now.
    ///
    /// Throws `RunError.user`, naming both sources, when two tools have one name.
    public func withTools(of clients: [MCPClient], options: MCPToolOptions<Context> = MCPToolOptions()) async throws -> Agent {
        let taken = Set(tools.map(\.name) + handoffs.map(\.toolName))
        var sources: [ToolSource<Context>] = []
        for client in clients {
            sources.append(ToolSource(name: await client.name, tools: try await client.tools(options: options, avoiding: taken)))
        }
        sources.append(ToolSource(name: name, tools: tools))
        if let clash = ToolSource.clash(in: sources) { throw RunError.user("The agent \(name) cannot run: \(clash)") }
        var agent = self
        agent.tools = sources.flatMap(\.tools)
        return agent
    }
}
