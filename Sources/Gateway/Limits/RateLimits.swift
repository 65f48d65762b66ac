import AgentRuntime
public import FoundationEssentials
public import Persistence

/// How often things may be asked for, each by one client, account or person.
public struct RateLimits: Sendable, Hashable {
    /// Sign-ins and changes of a password, by a client.
    public var signInsOfClient: RateLimit
    /// The same, by a client for one account: who is attacked from elsewhere can still sign in.
    public var signInsOfAccount: RateLimit
    /// Sign-ins that fail one after another, by a client for one account. A total for the account would let anybody lock its owner out.
    public var failedSignInsOfAccount: RateLimit
    /// New accounts, by a client.
    public var registrations: RateLimit
    /// Messages for the assistant, by a person.
    public var messages: RateLimit

    public init(
        signInsOfClient: RateLimit = RateLimit(60, every: .seconds(60)),
        signInsOfAccount: RateLimit = RateLimit(10, every: .seconds(60)),
        failedSignInsOfAccount: RateLimit = RateLimit(100, every: .seconds(86_400)),
        registrations: RateLimit = RateLimit(60, every: .seconds(600)),
        messages: RateLimit = RateLimit(60, every: .seconds(60))
    ) {
        self.signInsOfClient = signInsOfClient
        self.signInsOfAccount = signInsOfAccount
        self.failedSignInsOfAccount = failedSignInsOfAccount
        self.registrations = registrations
        self.messages = messages
    }

    /// Reads `{"sign_ins_of_client": {"count": 60, "seconds": 60}, ...}`; what is absent has its default.
    public init(json: Data) throws(GatewayConfigurationError) {
        self.init()
        guard let members = (try? JSONValue(json: json))?.object else { throw .notRateLimits("The file must hold one JSON object.") }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let limit = try Self.limit(name, value)
            switch name {
            case "sign_ins_of_client": signInsOfClient = limit
            case "sign_ins_of_account": signInsOfAccount = limit
            case "failed_sign_ins_of_account": failedSignInsOfAccount = limit
            case "registrations": registrations = limit
            case "messages": messages = limit
            default:
                throw .notRateLimits(
                    """
                    There is no limit '\(name)'; there are sign_ins_of_client, sign_ins_of_account, failed_sign_ins_of_account, registrations and \
                    messages.
                    """
                )
            }
        }
    }

    private static func limit(_ name: String, _ value: JSONValue) throws(GatewayConfigurationError) -> RateLimit {
        guard let members = value.object, Set(members.keys) == ["count", "seconds"], let count = members["count"]?.integer,
            let seconds = members["seconds"]?.integer, (1...1_000_000).contains(count), (1...86_400).contains(seconds)
        else { throw .notRateLimits("'\(name)' must be {\"count\": 1 to 1000000, \"seconds\": 1 to 86400}.") }
        return RateLimit(count, every: .seconds(seconds))
    }
}
