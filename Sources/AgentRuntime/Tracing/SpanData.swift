/// What a span stands for; inputs, outputs and arguments are nil unless the run includes sensitive data.
public enum SpanData: Sendable, Hashable {
    /// One call of the runner.
    case task(name: String, usage: Usage? = nil)
    /// One model call with its tool work.
    case turn(Int, agent: String, usage: Usage? = nil)
    case agent(AgentActivation)
    /// A model call.
    case generation(Generation)
    /// A model call whose response the provider keeps under an id, as the Responses API does.
    case response(Generation)
    case function(FunctionCall)
    case handoff(from: String, to: String?)
    case guardrail(name: String, isTriggered: Bool = false)
    /// The listing of a server's tools.
    case mcpTools(server: String, tools: [String]? = nil)
    /// The application's own.
    case custom(name: String, data: [String: JSONValue] = [:])

    /// An agent at work, from its start or the handoff to it until the next handoff or the end.
    public struct AgentActivation: Sendable, Hashable {
        public var name: String
        /// Who serves its model, in the words of the semantic conventions: `openai`, `anthropic`.
        public var provider: String
        public var handoffs: [String]
        public var tools: [String]
        public var outputType: String

        public init(
            name: String,
            provider: String = "openai",
            handoffs: [String] = [],
            tools: [String] = [],
            outputType: String = "str"
        ) {
            self.name = name
            self.provider = provider
            self.handoffs = handoffs
            self.tools = tools
            self.outputType = outputType
        }
    }

    public struct Generation: Sendable, Hashable {
        /// Who serves the model, as for an agent.
        public var provider: String
        public var model: String
        public var settings: ModelSettings
        public var instructions: String?
        public var input: [Item]?
        public var output: [Item]?
        public var usage: Usage?
        public var responseID: String?

        public init(
            provider: String = "openai",
            model: String,
            settings: ModelSettings = ModelSettings(),
            instructions: String? = nil,
            input: [Item]? = nil,
            output: [Item]? = nil,
            usage: Usage? = nil,
            responseID: String? = nil
        ) {
            self.provider = provider
            self.model = model
            self.settings = settings
            self.instructions = instructions
            self.input = input
            self.output = output
            self.usage = usage
            self.responseID = responseID
        }
    }

    public struct FunctionCall: Sendable, Hashable {
        public var name: String
        /// The provider's id of the call.
        public var callID: String
        public var input: String?
        public var output: String?
        /// The name of the server that the tool came from.
        public var mcpServer: String?

        public init(name: String, callID: String, input: String? = nil, output: String? = nil, mcpServer: String? = nil) {
            self.name = name
            self.callID = callID
            self.input = input
            self.output = output
            self.mcpServer = mcpServer
        }
    }

    /// The SDK's name of the kind.
    public var type: String {
        switch self {
        case .task: "task"
        case .turn: "turn"
        case .agent: "agent"
        case .generation: "generation"
        case .response: "response"
        case .function: "function"
        case .handoff: "handoff"
        case .guardrail: "guardrail"
        case .mcpTools: "mcp_tools"
        case .custom: "custom"
        }
    }
}
