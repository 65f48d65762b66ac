/// The buckets from which requests take, shared by all who share the database: one row for each that is not full.
///
/// It is the generic cell rate algorithm: a row holds only the moment at which its bucket is full again
/// (https://www.itu.int/rec/T-REC-I.371).
public struct RateLimitStore: Sendable {
    private let database: any Database
    private let clock: WallClock

    public init(database: any Database, clock: WallClock = .system) {
        self.database = database
        self.clock = clock
    }

    /// Takes one from every bucket, or from none. Throws `RateLimitExceeded`.
    /// - Returns: What is left in each.
    @discardableResult
    public func take(from buckets: [RateLimitBucket]) async throws -> [RateLimitState] {
        // In one order, so that two transactions never wait for each other.
        let buckets = buckets.sorted { $0.key < $1.key }
        return try await database.write { [clock] transaction in
            let now = try transaction.sharedMoment(clock)
            let answers = try buckets.map { try transaction.take(from: $0, at: now.milliseconds) }
            let refusals = answers.compactMap { answer -> RateLimitExceeded? in if case .failure(let refusal) = answer { refusal } else { nil } }
            if let slowest = refusals.max(by: { $0.retryAfter < $1.retryAfter }) { throw slowest }
            return try answers.map { try $0.get() }
        }
    }

    /// Fills a bucket.
    public func fill(_ bucket: RateLimitBucket) async throws {
        try await database.write { _ = try $0.execute("DELETE FROM rate_limits WHERE bucket = \(bucket.key)") }
    }

    /// Forgets buckets that are full.
    /// - Parameter limit: How many at most.
    /// - Returns: How many.
    @discardableResult
    public func prune(limit: Int = .max) async throws -> Int {
        try await database.write { [clock] transaction in
            try transaction.execute(
                """
                DELETE FROM rate_limits WHERE bucket IN
                (SELECT bucket FROM rate_limits WHERE full_at < \(transaction.sharedNow(clock)) LIMIT \(limit))
                """
            )
        }
    }
}

extension Transaction {
    /// In milliseconds: longer than a transaction may wait for another.
    private static let longestWait: Int64 = 15_000

    fileprivate func take(from bucket: RateLimitBucket, at now: Int64) throws -> Result<RateLimitState, RateLimitExceeded> {
        let limit = bucket.limit
        // Another may have waited for this row with an earlier `now`; what is further behind the longest possible is from before the clock was set back.
        let longest = now + limit.fill + Self.longestWait
        let row = try one(
            """
            INSERT INTO rate_limits (bucket, full_at) VALUES (\(bucket.key), \(now + limit.interval))
            ON CONFLICT (bucket) DO UPDATE SET full_at = \(limit.interval) + CASE
            WHEN rate_limits.full_at BETWEEN \(now) AND \(longest) THEN rate_limits.full_at ELSE \(now) END
            WHERE rate_limits.full_at <= \(now + limit.fill - limit.interval) OR rate_limits.full_at > \(longest)
            RETURNING full_at
            """
        )
        guard let full = try row?.timestamp("full_at").milliseconds else {
            let full = try one("SELECT full_at FROM rate_limits WHERE bucket = \(bucket.key)")?.timestamp("full_at").milliseconds ?? now
            return .failure(RateLimitExceeded(bucket: bucket, retryAfter: .milliseconds(max(1, limit.wait(full, at: now)))))
        }
        return .success(
            RateLimitState(
                bucket: bucket, remaining: Int((limit.fill - (full - now)) / limit.interval), reset: .milliseconds(full - now),
                retryAfter: .milliseconds(max(0, limit.wait(full, at: now)))))
    }
}

extension RateLimit {
    /// The milliseconds until one can be taken from a bucket that is full at `full`; below zero when it could have been earlier.
    fileprivate func wait(_ full: Int64, at now: Int64) -> Int64 { full + interval - fill - now }
}
