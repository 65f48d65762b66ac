/// Who answers: instructions, tools, and whom it may hand the conversation to. An agent is data; only the runner acts.
public struct Agent<Context: Sendable>: Sendable {
    public var name: String
    public var instructions: Instructions<Context>
    /// A prompt that the provider keeps, chosen before each model call, beside the instructions; nil for none. Chat Completions has none.
    public var prompt: (@Sendable (RunContext<Context>) async throws -> HostedPrompt?)?
    /// What another agent reads to decide whether to hand over.
    public var handoffDescription: String?
    public var tools: [AnyTool<Context>]
    /// Tools of the moment, beside `tools`: asked for before each model call, so that a tool may come and go while a run is under way.
    ///
    /// A run that goes on from its log asks for them again; those that its calls are about must then be among them.
    public var dynamicTools: (@Sendable (RunContext<Context>) async throws -> [AnyTool<Context>])?
    /// Tools that the provider carries out, as the Responses API describes them: https://platform.openai.com/docs/guides/tools
    ///
    /// Chat Completions has none, and refuses an agent that has some.
    public var hostedTools: [JSONValue] = []
    public var handoffs: [Handoff<Context>]
    /// Nil for the runner's model.
    public var model: (any Model)?
    public var settings: ModelSettings
    public var inputGuardrails: [InputGuardrail<Context>]
    public var outputGuardrails: [OutputGuardrail<Context>]
    /// The shape of the final output; nil for free text.
    public var outputType: OutputType?
    public var toolUseBehavior: ToolUseBehavior
    /// Asked in place of `toolUseBehavior`, once all calls of a response that tools carried out have their results.
    public var toolsToFinalOutput: (@Sendable (_ results: [FunctionToolResult], _ run: RunContext<Context>) async throws -> ToolsToFinalOutputResult)?
    /// Whether a forced `toolChoice` is dropped once this agent has used a tool, which keeps it from being forced for ever.
    public var resetsToolChoice: Bool
    /// Model calls that a run starting here may make; nil for the runner's own limit.
    public var maxTurns: Int?
    /// What a run starting here may use; nil for the runner's own limit.
    public var budget: Budget?
    public var hooks: (any AgentHooks<Context>)?

    public init(
        name: String,
        instructions: Instructions<Context> = "",
        handoffDescription: String? = nil,
        tools: [AnyTool<Context>] = [],
        handoffs: [Handoff<Context>] = [],
        model: (any Model)? = nil,
        settings: ModelSettings = ModelSettings(),
        inputGuardrails: [InputGuardrail<Context>] = [],
        outputGuardrails: [OutputGuardrail<Context>] = [],
        outputType: OutputType? = nil,
        toolUseBehavior: ToolUseBehavior = .runModelAgain,
        resetsToolChoice: Bool = true,
        maxTurns: Int? = nil
    ) {
        self.name = name
        self.instructions = instructions
        self.handoffDescription = handoffDescription
        self.tools = tools
        self.handoffs = handoffs
        self.model = model
        self.settings = settings
        self.inputGuardrails = inputGuardrails
        self.outputGuardrails = outputGuardrails
        self.outputType = outputType
        self.toolUseBehavior = toolUseBehavior
        self.resetsToolChoice = resetsToolChoice
        self.maxTurns = maxTurns
    }

    /// An agent with all the tools of one module.
    public init(
        name: String,
        instructions: Instructions<Context>,
        tools: some ToolModule<Context>,
        handoffs: [Agent<Context>] = []
    ) {
        self.init(name: name, instructions: instructions, tools: tools.tools, handoffs: handoffs.map { Handoff(to: $0) })
    }

    func tool(named name: String) -> AnyTool<Context>? {
        tools.last { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// A handoff beats a tool of the same name.
    func handoff(named name: String) -> Handoff<Context>? {
        handoffs.last { $0.toolName.utf8.elementsEqual(name.utf8) }
    }
}

/// What a tool's answer does to the run.
public enum ToolUseBehavior: Sendable, Hashable {
    /// The model reads the outputs and goes on.
    case runModelAgain
    /// The output of the first call becomes the final output; all calls of the response run.
    case stopOnFirstTool
    /// The output of the first call to one of these becomes the final output.
    case stopAtTools([String])
}
