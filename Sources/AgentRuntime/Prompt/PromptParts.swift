/// What prompt files can name: modules, guardrails, placeholders, models.
public struct PromptParts<Context: Sendable>: Sendable {
    public var modules: [any ToolModule<Context>]
    public var inputGuardrails: [String: InputGuardrail<Context>]
    public var outputGuardrails: [String: OutputGuardrail<Context>]
    /// The names that templates may use.
    public var placeholders: [String]
    /// Their values in a run.
    public var values: @Sendable (RunContext<Context>) -> [String: String]
    /// The model that a file names.
    public var model: @Sendable (String) -> any Model

    /// Throws `ModuleError` for a tool with an argument that would let the model choose whose data it works on.
    public init(
        modules: [any ToolModule<Context>],
        inputGuardrails: [String: InputGuardrail<Context>] = ["length": .maximumLength(16_000), "injection": .injection],
        outputGuardrails: [String: OutputGuardrail<Context>] = ["length": .maximumLength(16_000)],
        placeholders: [String] = [],
        values: @escaping @Sendable (RunContext<Context>) -> [String: String] = { _ in [:] },
        model: @escaping @Sendable (String) -> any Model
    ) throws {
        for module in modules { try module.check() }
        self.modules = modules
        self.inputGuardrails = inputGuardrails
        self.outputGuardrails = outputGuardrails
        self.placeholders = placeholders
        self.values = values
        self.model = model
    }

    /// All tools of a module, or the one tool of that name; nil when there is neither.
    func tools(named name: String) -> [AnyTool<Context>]? {
        if let module = modules.first(where: { type(of: $0).id == name }) { return module.versionedTools }
        return modules.lazy.flatMap { $0.versionedTools }.first { $0.name == name }.map { [$0] }
    }

    var toolNames: [String] {
        modules.flatMap { [type(of: $0).id] + $0.tools.map(\.name) }
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
                description: "The tool '\(tool.name)' of the module '\(Self.id)' has an argument '\(name)': take the person from the run context instead.")
        }
    }
}
