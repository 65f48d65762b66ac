/// What prompt files can name: modules, guardrails, placeholders, models.
public struct PromptParts<Context: Sendable>: Sendable {
    public var modules: [any ToolModule<Context>]
    /// Connected tool servers, each listed by its name, with all its tools.
    public var servers: [ToolSource<Context>]
    public var inputGuardrails: [String: InputGuardrail<Context>]
    public var outputGuardrails: [String: OutputGuardrail<Context>]
    /// The names that templates may use.
    public var placeholders: [String]
    /// Their values in a run.
    public var values: @Sendable (RunContext<Context>) -> [String: String]
    /// The model of a name, or with nil that of agents that name none. What it throws is a mistake of the file that names the model.
    public var model: @Sendable (String?) throws -> any Model

    /// Throws `ModuleError` for a tool with an argument that would let the model choose whose data it works on, and for two sources of one name.
    public init(
        modules: [any ToolModule<Context>],
        servers: [ToolSource<Context>] = [],
        inputGuardrails: [String: InputGuardrail<Context>] = ["length": .maximumLength(16_000), "injection": .injection],
        outputGuardrails: [String: OutputGuardrail<Context>] = ["length": .maximumLength(16_000)],
        placeholders: [String] = [],
        values: @escaping @Sendable (RunContext<Context>) -> [String: String] = { _ in [:] },
        model: @escaping @Sendable (String?) throws -> any Model
    ) throws {
        for module in modules { try module.check() }
        var names = Set(modules.map { type(of: $0).id })
        for server in servers where !names.insert(server.name).inserted {
            throw ModuleError(description: "Two sources of tools are named '\(server.name)'.")
        }
        self.modules = modules
        self.servers = servers
        self.inputGuardrails = inputGuardrails
        self.outputGuardrails = outputGuardrails
        self.placeholders = placeholders
        self.values = values
        self.model = model
    }

    /// All tools of a module or a server, or the one tool of that name in a module; nil when there is none of these.
    func tools(named name: String) -> [AnyTool<Context>]? {
        if let module = modules.first(where: { type(of: $0).id == name }) { return module.versionedTools }
        if let server = servers.first(where: { $0.name == name }) { return server.tools }
        return modules.lazy.flatMap { $0.versionedTools }.first { $0.name == name }.map { [$0] }
    }

    var toolNames: [String] {
        modules.flatMap { [type(of: $0).id] + $0.tools.map(\.name) } + servers.map(\.name)
    }
}

/// A module that must not be used.
public struct ModuleError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

extension ToolModule {
    /// The tools, each with the module's version unless it has one of its own.
    var versionedTools: [AnyTool<Context>] {
        tools.map { tool in
            var tool = tool
            if tool.version.isEmpty { tool.version = Self.version }
            return tool
        }
    }

    /// The person acted for comes from the run context alone.
    func check() throws(ModuleError) {
        let forbidden: Set = ["user", "user_id", "owner", "owner_id", "tenant", "tenant_id", "account", "account_id"]
        for tool in tools {
            let names = tool.definition.parameters["properties"]?.object?.keys.sorted() ?? []
            guard let name = names.first(where: forbidden.contains) else { continue }
            throw ModuleError(
                description:
                    "The tool '\(tool.name)' of the module '\(Self.id)' has an argument '\(name)': take the person from the run context instead.")
        }
    }
}
