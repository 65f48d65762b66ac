extension Agent {
    /// What is wrong with arguments that a person gives a call of this agent, or of one that it may hand to, as a sentence.
    ///
    /// Nil when they fit, and when only the call itself can tell: for tools of the moment, such as those of MCP servers, and within calls.
    public func fault(inArguments arguments: String, of call: Interruption) -> String? {
        guard let json = try? JSONValue(json: arguments), json.object != nil else { return "The arguments must be one JSON object." }
        guard call.path.isEmpty, let tool = reachable(named: call.agent)?.tool(named: call.name) else { return nil }
        do {
            try tool.checkArguments?(arguments)
            return nil
        } catch let failure as ToolFailure {
            return failure.description
        } catch {
            return "The arguments are not what the tool expects."
        }
    }

    /// The agent of the name, this one or one behind its handoffs.
    private func reachable(named name: String) -> Agent? {
        var waiting = [self]
        var seen: Set<String> = []
        while let agent = waiting.popLast() {
            if agent.name == name { return agent }
            guard seen.insert(agent.name).inserted else { continue }
            waiting += agent.handoffs.map { $0.target() }
        }
        return nil
    }
}
