/// The agents of a folder of prompt files, checked as a whole when it is read.
public struct PromptLibrary<Context: Sendable>: Sendable {
    /// By name of file, in order.
    public let files: [PromptFile]
    let parts: PromptParts<Context>

    /// Throws `PromptError` for an unknown tool, guardrail, handoff, model or placeholder.
    public init(folder: String, parts: PromptParts<Context>) throws {
        try self.init(files: [PromptFile](folder: folder), parts: parts)
    }

    /// A server that a file says how to reach need not be among the parts: it then has no tools here.
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
            handoffs: file.handoffs.compactMap { link in
                files.first { $0.id == link.name }.map { target in link.handoff(to: target) { self.agent(of: target) } }
            },
            model: model(of: file.models),
            settings: file.settings,
            inputGuardrails: file.inputGuardrails.compactMap { parts.inputGuardrails[$0.name] },
            outputGuardrails: outputGuardrails(of: file),
            outputType: file.outputType,
            toolUseBehavior: file.toolUseBehavior,
            resetsToolChoice: file.resetsToolChoice,
            maxTurns: file.maxTurns
        )
        agent.budget = file.budget
        agent.hostedTools = file.hostedTools
        if let prompt = file.prompt { agent.prompt = { [parts] run in prompt.prompt(parts.values(run)) } }
        return agent
    }

    /// What the file `id` says about runs that start with its agent.
    public func config(_ id: String) -> RunConfig<Context> {
        guard let file = files.first(where: { $0.id == id }) else { return RunConfig() }
        var config: RunConfig<Context> = file.recovery.config()
        file.runOptions.apply(to: &config)
        if let compaction = file.runOptions.compaction {
            config.compaction = compaction.compaction(by: model(of: compaction.models) ?? model(of: file.models) ?? (try? parts.model(nil)))
        }
        return config
    }

    /// Whether the file lists a module, or a tool of one, and not servers alone.
    public func listsModules(_ file: PromptFile) -> Bool {
        file.tools.contains { entry in !parts.servers.contains { $0.name == entry.name } && !isDeclared(entry.name) }
    }

    /// Nil for no names. They were looked up when the files were checked.
    private func model(of names: [PromptFile.Entry]) -> (any Model)? {
        FallbackModel.chain(of: names.compactMap { try? parts.model($0.name) })
    }

    private func outputGuardrails(of file: PromptFile) -> [OutputGuardrail<Context>] {
        file.outputGuardrails.compactMap { parts.outputGuardrails[$0.name] }.map { guardrail in
            var guardrail = guardrail
            guardrail.holdBack = file.holdBack ?? guardrail.holdBack
            return guardrail
        }
    }

    func tools(of file: PromptFile) -> [AnyTool<Context>] {
        let listed = file.tools.flatMap { parts.tools(named: $0.name) ?? [] }
        let agents = file.agents.compactMap(tool)
        return (listed + agents).map { tool in
            guard file.needsApproval.contains(where: { $0.name == tool.name }) else { return tool }
            var tool = tool
            tool.needsApproval = .always
            return tool
        }
    }

    /// The agent of another file as a tool, with that file's own options.
    func tool(_ link: PromptLink) -> AnyTool<Context>? {
        agent(link.name).map(link.tool)
    }
}
