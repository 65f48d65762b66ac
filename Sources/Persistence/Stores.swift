/// Every store over one database.
public struct Stores: Sendable {
    public let database: any Database
    public let users: UserStore
    public let sessions: SessionStore
    public let tokens: APITokenStore
    public let todos: TodoStore
    public let conversations: ConversationStore
    public let instances: InstanceStore
    public let runs: RunStore
    public let effects: EffectStore
    public let rateLimits: RateLimitStore
    public let usage: UsageStore

    public init(
        database: any Database,
        clock: WallClock = .system,
        identifiers: IdentifierGenerator? = nil,
        lifetimes: SessionLifetimes = SessionLifetimes()
    ) {
        let identifiers = identifiers ?? IdentifierGenerator(clock: clock)
        self.database = database
        users = UserStore(database: database, clock: clock, identifiers: identifiers)
        sessions = SessionStore(database: database, clock: clock, identifiers: identifiers, lifetimes: lifetimes)
        tokens = APITokenStore(database: database, clock: clock, identifiers: identifiers)
        todos = TodoStore(database: database, clock: clock)
        conversations = ConversationStore(database: database, clock: clock, identifiers: identifiers)
        instances = InstanceStore(database: database, clock: clock)
        runs = RunStore(database: database, clock: clock, identifiers: identifiers)
        effects = EffectStore(database: database)
        rateLimits = RateLimitStore(database: database, clock: clock)
        usage = UsageStore(database: database, clock: clock, identifiers: identifiers)
    }
}
