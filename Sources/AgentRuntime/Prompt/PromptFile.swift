/// One agent as a file: YAML front matter between two lines of `---`, then the instructions as a Mustache template.
///
/// Templates: https://mustache.github.io/mustache.5.html
public struct PromptFile: Sendable {
    /// The file's name without its ending, by which others hand over to it.
    public let id: String
    public let path: String
    public let name: String
    /// Each is asked when the one before it failed; none for the runner's own.
    public let models: [Entry]
    /// Modules, single tools, or servers.
    public let tools: [Entry]
    /// Tools that the provider carries out, as the Responses API describes them.
    public let hostedTools: [JSONValue]
    /// What the file says about MCP servers.
    public let servers: [PromptServer]
    /// Other prompt files, whose agents take over the conversation.
    public let handoffs: [PromptLink]
    /// Other prompt files, whose agents are called like tools.
    public let agents: [PromptLink]
    public let handoffDescription: String?
    public let inputGuardrails: [Entry]
    public let outputGuardrails: [Entry]
    /// How much of a streamed answer waits for the output guardrails; nil shows it as it comes.
    public let holdBack: HoldBack?
    public let settings: ModelSettings
    public let toolUseBehavior: ToolUseBehavior
    public let resetsToolChoice: Bool
    /// The shape of the final output; nil for free text.
    public let outputType: OutputType?
    /// Tools that wait for a person, beyond those that ask for it themselves.
    public let needsApproval: [Entry]
    public let maxTurns: Int?
    public let budget: Budget?
    /// What a run that starts here does about errors.
    public let recovery: PromptRecovery
    /// What else a run that starts here does differently.
    public let runOptions: PromptRunOptions
    /// What a page offers a person to begin with.
    public let starters: [String]
    let template: PromptTemplate
    let prompt: PromptReference?

    /// A name in the front matter, with its line.
    public struct Entry: Sendable, Hashable {
        public let name: String
        public let line: Int?
    }

    /// Reads the text of a file. Throws `PromptError`.
    public init(id: String, path: String, text: String) throws {
        let parts = try PromptFile.split(text, path: path)
        let fields = try FrontMatter(yaml: parts.frontMatter, path: path)
        self.id = id
        self.path = path
        name = try fields.text("name") ?? id
        models = try fields.models("model")
        prompt = try fields.section("prompt", keys: PromptReference.keys).map { try PromptReference($0) }
        tools = try fields.names("tools")
        hostedTools = try fields.hostedTools()
        servers = try fields.servers()
        handoffs = try fields.links("handoffs")
        agents = try fields.links("agents")
        handoffDescription = try fields.text("handoff_description")
        let guardrails = try fields.section("guardrails", keys: ["input", "output", "hold_back"])
        inputGuardrails = try guardrails?.names("input") ?? []
        outputGuardrails = try guardrails?.names("output") ?? []
        holdBack = try guardrails?.holdBack()
        settings = try fields.section("settings", keys: ModelSettings.promptKeys).map { try ModelSettings($0) } ?? ModelSettings()
        toolUseBehavior = try fields.toolUseBehavior()
        resetsToolChoice = try fields.flag("reset_tool_choice") ?? true
        outputType = try fields.outputType()
        needsApproval = try fields.names("needs_approval")
        maxTurns = try fields.positive("max_turns")
        budget = try fields.section("budget", keys: ["tokens", "cost"]).map { try Budget($0) }
        recovery = try PromptRecovery(fields, outputType: outputType)
        runOptions = try PromptRunOptions(fields)
        starters = try fields.names("starters").map(\.name)
        template = try PromptTemplate(parts.body, path: path, firstLine: parts.bodyLine)
    }

    private static func split(_ text: String, path: String) throws -> (frontMatter: String, body: String, bodyLine: Int) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            throw PromptError(file: path, line: 1, "begin the file with a line of ---, the front matter, and another line of ---.")
        }
        // The first line is kept empty so that line numbers of the front matter are those of the file.
        let frontMatter = "\n" + lines[1..<end].joined(separator: "\n")
        let body = lines[(end + 1)...].joined(separator: "\n")
        return (frontMatter, body, end + 2)
    }
}

extension Budget {
    /// The cost in units of the price list's currency.
    fileprivate init(_ fields: FrontMatter) throws {
        self.init(tokens: try fields.positive("tokens"), cost: try fields.number("cost").flatMap { Int(exactly: ($0 * 1e9).rounded()) })
    }
}
