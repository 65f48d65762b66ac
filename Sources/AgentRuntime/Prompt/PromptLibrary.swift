import FoundationEssentials

/// The agents of a folder of prompt files, checked as a whole when it is read.
public struct PromptLibrary<Context: Sendable>: Sendable {
    /// By name of file, in order.
    public let files: [PromptFile]
    private let parts: PromptParts<Context>

    /// Reads every `.md` file of `folder`. Throws `PromptError` for an unknown tool, guardrail, handoff or placeholder.
    public init(folder: String, parts: PromptParts<Context>) throws {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw PromptError(file: folder, "there is no such folder; name one with prompt files by --prompts.")
        }
        let files = try names.filter { $0.hasSuffix(".md") }.sorted().map { name in
            let path = "\(folder)/\(name)"
            guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
                throw PromptError(file: path, "the file cannot be read as UTF-8 text.")
            }
            return try PromptFile(id: String(name.dropLast(3)), path: path, text: text)
        }
        guard !files.isEmpty else { throw PromptError(file: folder, "there is no prompt file (NAME.md) in it.") }
        try self.init(files: files, parts: parts)
    }

    public init(files: [PromptFile], parts: PromptParts<Context>) throws {
        self.files = files
        self.parts = parts
        for file in files { try checkForCircle(from: file) }
        for file in files { try check(file) }
    }

    /// The agent of the file `id`; nil when there is none.
    public func agent(_ id: String) -> Agent<Context>? {
        files.first { $0.id == id }.map(agent)
    }

    public func agent(of file: PromptFile) -> Agent<Context> {
        var agent = Agent<Context>(
            name: file.name,
            instructions: Instructions { [parts] run in file.template.render(parts.values(run)) },
            handoffDescription: file.handoffDescription,
            tools: tools(of: file),
            handoffs: file.handoffs.compactMap { entry in
                files.first { $0.id == entry.name }.map { target in
                    Handoff(toAgentNamed: target.name, description: target.handoffDescription) { self.agent(of: target) }
                }
            },
            model: file.model.map(parts.model),
            settings: file.settings,
            inputGuardrails: file.inputGuardrails.compactMap { parts.inputGuardrails[$0.name] },
            outputGuardrails: outputGuardrails(of: file),
            outputType: file.outputType,
            toolUseBehavior: file.toolUseBehavior,
            resetsToolChoice: file.resetsToolChoice,
            maxTurns: file.maxTurns
        )
        agent.budget = file.budget
        return agent
    }

    /// What the file `id` says about runs that start with its agent.
    public func config(_ id: String) -> RunConfig<Context> {
        files.first { $0.id == id }?.recovery.config() ?? RunConfig()
    }

    /// Whether the file lists a module, or a tool of one, and not servers alone.
    public func listsModules(_ file: PromptFile) -> Bool {
        file.tools.contains { entry in !parts.servers.contains { $0.name == entry.name } }
    }

    private func outputGuardrails(of file: PromptFile) -> [OutputGuardrail<Context>] {
        file.outputGuardrails.compactMap { parts.outputGuardrails[$0.name] }.map { guardrail in
            var guardrail = guardrail
            guardrail.holdBack = file.holdBack ?? guardrail.holdBack
            return guardrail
        }
    }

    private func tools(of file: PromptFile) -> [AnyTool<Context>] {
        let listed = file.tools.flatMap { parts.tools(named: $0.name) ?? [] }
        let agents = file.agents.compactMap { entry in files.first { $0.id == entry.name }.map(tool) }
        return (listed + agents).map { tool in
            guard file.needsApproval.contains(where: { $0.name == tool.name }) else { return tool }
            var tool = tool
            tool.needsApproval = .always
            return tool
        }
    }

    /// The agent of the file as a tool, with the file's own options.
    private func tool(_ file: PromptFile) -> AnyTool<Context> {
        let description = file.handoffDescription ?? "Asks the agent \(file.name)."
        return agent(of: file).asTool(description: description)
    }

    private func check(_ file: PromptFile) throws {
        for entry in file.tools where parts.tools(named: entry.name) == nil {
            throw unknown("tool, module or server", entry, in: file, known: parts.toolNames)
        }
        for entry in file.handoffs + file.agents where !files.contains(where: { $0.id == entry.name }) {
            throw unknown("prompt file", entry, in: file, known: files.map(\.id))
        }
        let toolNames = tools(of: file).map(\.name)
        for entry in file.needsApproval where !toolNames.contains(entry.name) {
            throw unknown("tool of the agent in 'needs_approval'", entry, in: file, known: toolNames)
        }
        for entry in file.inputGuardrails where parts.inputGuardrails[entry.name] == nil {
            throw unknown("input guardrail", entry, in: file, known: parts.inputGuardrails.keys.sorted())
        }
        for entry in file.outputGuardrails where parts.outputGuardrails[entry.name] == nil {
            throw unknown("output guardrail", entry, in: file, known: parts.outputGuardrails.keys.sorted())
        }
        for entry in file.template.placeholders where !parts.placeholders.contains(entry.name) {
            throw unknown("placeholder", entry, in: file, known: parts.placeholders)
        }
        try checkNames(in: file)
    }

    /// Agents that call each other as tools in a circle would never end.
    private func checkForCircle(from file: PromptFile) throws {
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
        let agents = file.agents.map { entry in (entry: entry, tools: files.filter { $0.id == entry.name }.map(tool)) }
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
        PromptError(file: file.path, line: entry.line, "unknown \(what) '\(entry.name)'. Known: \(known.joined(separator: ", ")).")
    }
}
