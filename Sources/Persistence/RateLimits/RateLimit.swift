/// So many requests in a time, at once or spread over it.
public struct RateLimit: Sendable, Hashable {
    /// At least 1.
    public let count: Int
    /// At least as many milliseconds as the count.
    public let window: Duration

    public init(_ count: Int, every window: Duration) {
        self.count = max(1, count)
        self.window = max(window, .milliseconds(self.count))
    }

    /// The milliseconds after which one more may come.
    var interval: Int64 { max(1, window.inMilliseconds / Int64(count)) }

    /// The milliseconds after which a bucket from which everything was taken is full again.
    var fill: Int64 { interval * Int64(count) }
}

/// One limit as it holds for one client, account or session.
public struct RateLimitBucket: Sendable, Hashable {
    /// Of the limit and of whoever it holds for.
    public let key: String
    public let limit: RateLimit

    public init(key: String, limit: RateLimit) {
        self.key = key
        self.limit = limit
    }
}

extension RateLimitBucket {
    /// What is limited for each person, and forgotten with their account.
    public enum Personal: String, Sendable, CaseIterable {
        case messages = "message"
    }

    public init(_ what: Personal, of user: String, limit: RateLimit) {
        self.init(key: Self.key(what, of: user), limit: limit)
    }

    static func keys(of user: String) -> [String] {
        Personal.allCases.map { key($0, of: user) }
    }

    private static func key(_ what: Personal, of user: String) -> String {
        "\(what.rawValue)/\(user)"
    }
}

/// What a bucket has after something was asked of it.
public struct RateLimitState: Sendable, Hashable {
    public let bucket: RateLimitBucket
    public let remaining: Int
    /// Until the bucket is full again.
    public let reset: Duration
    /// Until one can be taken again: zero when something remains.
    public let retryAfter: Duration
}

/// More was asked than a limit allows; nothing was taken from any bucket.
public struct RateLimitExceeded: Error, Sendable, Hashable {
    /// Of those that had too little, the last to have enough.
    public let bucket: RateLimitBucket
    /// When the same request can succeed.
    public let retryAfter: Duration

    public init(bucket: RateLimitBucket, retryAfter: Duration) {
        self.bucket = bucket
        self.retryAfter = retryAfter
    }
}
