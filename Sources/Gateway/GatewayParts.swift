public import AgentRuntime
public import Persistence
public import Tools

/// What the composition root gives the gateway.
public struct GatewayParts: Sendable {
    /// The agent that a conversation begins with.
    public var agent: Agent<UserContext>
    public var runner: Runner
    /// What the runs of conversations do beside what their agents say.
    public var config: RunConfig<UserContext>
    public var stores: Stores
    /// This process, as the owner of the runs that it carries out.
    public var instance: Instance
    public var keys: SigningKeys
    public var passwordPolicy: PasswordPolicy
    public var limits: ChatLimits
    /// Nil for none.
    public var rateLimits: RateLimits?
    /// What the process counts.
    public var metrics: Metrics
    /// With which `/metrics` is read; nil for those who ask from this machine.
    public var metricsToken: Secret?
    /// Which model answers, for the page; begins with `offline` when it is the built-in one.
    public var modelDescription: String
    /// What the page offers a person to begin with.
    public var starters: [String]

    public init(
        agent: Agent<UserContext>,
        runner: Runner,
        config: RunConfig<UserContext> = RunConfig(),
        stores: Stores,
        instance: Instance,
        keys: SigningKeys,
        passwordPolicy: PasswordPolicy = PasswordPolicy(),
        limits: ChatLimits = ChatLimits(),
        rateLimits: RateLimits? = RateLimits(),
        metrics: Metrics = Metrics(),
        metricsToken: Secret? = nil,
        modelDescription: String,
        starters: [String]
    ) {
        self.agent = agent
        self.runner = runner
        self.config = config
        self.stores = stores
        self.instance = instance
        self.keys = keys
        self.passwordPolicy = passwordPolicy
        self.limits = limits
        self.rateLimits = rateLimits
        self.metrics = metrics
        self.metricsToken = metricsToken
        self.modelDescription = modelDescription
        self.starters = starters
    }
}
