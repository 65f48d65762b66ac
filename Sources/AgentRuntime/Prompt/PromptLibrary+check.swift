extension PromptLibrary {
    func check(_ file: PromptFile) throws {
        try checkModels(of: file)
        try checkServers(of: file)
        for entry in file.tools where parts.tools(named: entry.name) == nil && !isDeclared(entry.name) {
            throw unknown("tool, module or server", entry, in: file, known: parts.toolNames)
        }
        for entry in (file.handoffs + file.agents).map(\.file) where !files.contains(where: { $0.id == entry.name }) {
            throw unknown("prompt file", entry, in: file, known: files.map(\.id))
        }
        let toolNames = tools(of: file).map(\.name)
        let areKnown = !file.tools.contains { parts.tools(named: $0.name) == nil }
        for entry in file.needsApproval where areKnown && !toolNames.contains(entry.name) {
            throw unknown("tool of the agent in 'needs_approval'", entry, in: file, known: toolNames)
        }
        for entry in file.inputGuardrails where parts.inputGuardrails[entry.name] == nil {
            throw unknown("input guardrail", entry, in: file, known: parts.inputGuardrails.keys.sorted())
        }
        for entry in file.outputGuardrails where parts.outputGuardrails[entry.name] == nil {
            throw unknown("output guardrail", entry, in: file, known: parts.outputGuardrails.keys.sorted())
        }
        for entry in file.template.placeholders + (file.prompt?.placeholders ?? []) where !parts.placeholders.contains(entry.name) {
            throw unknown("placeholder", entry, in: file, known: parts.placeholders)
        }
        try checkNames(in: file)
    }

    /// Agents that call each other as tools in a circle would never end.
    func checkForCircle(from file: PromptFile) throws {
        var open = file.agents
        var seen: Set<String> = []
        while let entry = open.popLast() {
            guard entry.name != file.id else {
                throw PromptError(
                    file: file.path, line: file.agents.first?.line, "the agent would call itself through 'agents'; use 'handoffs' for circles.")
            }
            guard seen.insert(entry.name).inserted else { continue }
            open += files.first { $0.id == entry.name }?.agents ?? []
        }
    }

    /// One name must not stand for two tools of an agent.
    private func checkNames(in file: PromptFile) throws {
        var sources: [String: String] = [:]
        let listed = file.tools.map { (entry: $0, tools: parts.tools(named: $0.name) ?? []) }
        let agents = file.agents.map { link in (entry: link.file, tools: [tool(link)].compactMap(\.self)) }
        for (entry, tools) in listed + agents {
            for tool in tools {
                if let earlier = sources.updateValue(entry.name, forKey: tool.name) {
                    throw PromptError(
                        file: file.path, line: entry.line, "the tool '\(tool.name)' comes from '\(earlier)' and from '\(entry.name)'; list one.")
                }
            }
        }
    }

    private func unknown(_ what: String, _ entry: PromptFile.Entry, in file: PromptFile, known: [String]) -> PromptError {
        PromptError(
            file: file.path, line: entry.line, "unknown \(what) '\(entry.name)'. \(NearestName.hint(for: entry.name, known: known))")
    }

    private func checkModels(of file: PromptFile) throws {
        for entry in file.models + (file.runOptions.compaction?.models ?? []) {
            do {
                _ = try parts.model(entry.name)
            } catch {
                throw PromptError(file: file.path, line: entry.line, String(describing: error))
            }
        }
    }

    private func checkServers(of file: PromptFile) throws {
        for server in file.servers {
            let name = server.name ?? ""
            guard files.contains(where: { $0.tools.contains { $0.name == name } }) else {
                throw PromptError(file: file.path, line: server.line, "no agent lists the server '\(name)' under 'tools'.")
            }
            if let other = files.first(where: { $0.path != file.path && $0.servers.contains { $0.name == name } }) {
                throw PromptError(
                    file: file.path, line: server.line, "the server '\(name)' is in \(other.path) too; one file says it for all agents that list it.")
            }
            guard server.isLaunched || parts.servers.contains(where: { $0.name == name }) else {
                throw PromptError(
                    file: file.path, line: server.line,
                    "nobody starts the server '\(name)': give it a 'command' or a 'url', or name it by --mcp or --mcp-url.")
            }
        }
    }

    /// Whether some file says how the server is reached.
    func isDeclared(_ name: String) -> Bool {
        files.contains { $0.servers.contains { $0.name == name && $0.isLaunched } }
    }
}
