/// How a failed model request is made again; what is nil is left to the model that retries.
public struct RetrySettings: Sendable, Hashable, Codable {
    /// Requests after the first one; 0 for none.
    public var maxRetries: Int?
    public var backoff: Backoff?
    /// Which failures are worth another request.
    public var policy: RetryPolicy?
    /// Whether a request that the provider may have acted on is made again too: one that adds to a conversation which the provider keeps.
    public var approvesUnsafeReplay: Bool?

    /// The pauses between requests.
    public struct Backoff: Sendable, Hashable, Codable {
        /// After the first failure.
        public var initialDelay: Duration?
        public var maxDelay: Duration?
        /// How much longer each pause is than the one before.
        public var multiplier: Double?
        /// Whether a pause is shorter by chance, by a quarter at most, so that many clients do not come back at once.
        public var jitter: Bool?

        public init(initialDelay: Duration? = nil, maxDelay: Duration? = nil, multiplier: Double? = nil, jitter: Bool? = nil) {
            self.initialDelay = initialDelay
            self.maxDelay = maxDelay
            self.multiplier = multiplier
            self.jitter = jitter
        }

        private enum CodingKeys: String, CodingKey {
            case multiplier, jitter
            case initialDelay = "initial_delay"
            case maxDelay = "max_delay"
        }
    }

    public init(maxRetries: Int? = nil, backoff: Backoff? = nil, policy: RetryPolicy? = nil, approvesUnsafeReplay: Bool? = nil) {
        self.maxRetries = maxRetries
        self.backoff = backoff
        self.policy = policy
        self.approvesUnsafeReplay = approvesUnsafeReplay
    }

    private enum CodingKeys: String, CodingKey {
        case backoff, policy
        case maxRetries = "max_retries"
        case approvesUnsafeReplay = "approves_unsafe_replay"
    }
}

extension RetrySettings {
    /// Two further requests after 408, 409, 429, 5xx and failed connections, 0.5 s apart and then twice as long, up to 8 s.
    public static let standard = RetrySettings(
        maxRetries: 2,
        backoff: Backoff(initialDelay: .milliseconds(500), maxDelay: .seconds(8), multiplier: 2, jitter: true),
        policy: .any([.providerSuggested, .networkError]),
        approvesUnsafeReplay: false
    )

    /// These settings, with each field that `override` sets taken from it.
    public func overlaid(by override: RetrySettings) -> RetrySettings {
        let (mine, other) = (backoff ?? Backoff(), override.backoff ?? Backoff())
        let merged = Backoff(
            initialDelay: other.initialDelay ?? mine.initialDelay,
            maxDelay: other.maxDelay ?? mine.maxDelay,
            multiplier: other.multiplier ?? mine.multiplier,
            jitter: other.jitter ?? mine.jitter
        )
        return RetrySettings(
            maxRetries: override.maxRetries ?? maxRetries,
            backoff: merged == Backoff() ? nil : merged,
            policy: override.policy ?? policy,
            approvesUnsafeReplay: override.approvesUnsafeReplay ?? approvesUnsafeReplay
        )
    }
}
