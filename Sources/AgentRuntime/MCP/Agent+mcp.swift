extension Agent {
    /// The agent with the tools of these servers before its own.
    ///
    /// Throws `RunError.user`, naming both sources, when two tools have one name.
    public func withTools(of clients: [MCPClient]) async throws -> Agent {
        var sources: [ToolSource<Context>] = []
        for client in clients { sources.append(try await ToolSource(of: client)) }
        sources.append(ToolSource(name: name, tools: tools))
        if let clash = ToolSource.clash(in: sources) { throw RunError.user("The agent \(name) cannot run: \(clash)") }
        var agent = self
        agent.tools = sources.flatMap(\.tools)
        return agent
    }
}
