public import AgentRuntime

/// A message that asks for a run.
public struct RunRequest: Sendable {
    public var owner: String
    /// Nil for a new conversation.
    public var conversation: String?
    /// The run of the conversation whose message this one stands in place of; it gives way with all that came after it. Nil for a message
    /// behind everything.
    public var replacing: String?
    /// The title of a new conversation.
    public var title: String
    /// The first event of the run's log.
    public var start: RunStart
    /// The program's name for the request, and a fingerprint of all that it asks.
    public var idempotency: Idempotency?
    /// How many runs of the owner may be under way, this one included.
    public var activeLimit: Int

    public struct Idempotency: Sendable, Hashable {
        public var key: String
        public var requestHash: String

        public init(key: String, requestHash: String) {
            self.key = key
            self.requestHash = requestHash
        }
    }

    public init(
        owner: String,
        conversation: String? = nil,
        replacing: String? = nil,
        title: String,
        start: RunStart,
        idempotency: Idempotency? = nil,
        activeLimit: Int = 2
    ) {
        self.owner = owner
        self.conversation = conversation
        self.replacing = replacing
        self.title = title
        self.start = start
        self.idempotency = idempotency
        self.activeLimit = activeLimit
    }
}
