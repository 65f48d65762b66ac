import HTTPTypes
import Persistence

/// Refuses what is asked for too often, and tells clients what they have left.
struct RateLimiter: Sendable {
    /// Refuses nothing.
    static let off = RateLimiter(store: nil, limits: RateLimits())

    private let store: RateLimitStore?
    private let limits: RateLimits
    private let cache: RateLimitCache

    init(store: RateLimitStore?, limits: RateLimits, cache: RateLimitCache = RateLimitCache()) {
        self.store = store
        self.limits = limits
        self.cache = cache
    }

    /// Throws `Problem`, as the other two do. What is returned goes into the answer.
    func signIn(to email: String, from client: IPAddress?) async throws -> HTTPFields {
        let client = Self.name(of: client)
        return try await take([
            RateLimitBucket(key: "sign-in/\(client)", limit: limits.signInsOfClient),
            RateLimitBucket(key: "sign-in/\(client)/\(Self.account(email))", limit: limits.signInsOfAccount),
            failures(email, client),
        ])
    }

    /// Call it when a sign-in has succeeded: those that failed before are forgiven.
    func forgiveFailures(of email: String, from client: IPAddress?) async throws {
        let failures = failures(email, Self.name(of: client))
        try await store?.fill(failures)
        cache.remove(failures.key)
    }

    func registration(from client: IPAddress?) async throws -> HTTPFields {
        try await take([RateLimitBucket(key: "register/\(Self.name(of: client))", limit: limits.registrations)])
    }

    func message(of user: User) async throws -> HTTPFields {
        try await take([RateLimitBucket(.messages, of: user.id, limit: limits.messages)])
    }

    private func failures(_ email: String, _ client: String) -> RateLimitBucket {
        RateLimitBucket(key: "failed-sign-in/\(client)/\(Self.account(email))", limit: limits.failedSignInsOfAccount)
    }

    /// One that may not exist is named by a fingerprint: whom somebody tries is nobody's business.
    private static func account(_ email: String) -> String {
        Fingerprint.of(.init((EmailAddress(email)?.description ?? email.lowercased()).utf8))
    }

    private func take(_ buckets: [RateLimitBucket]) async throws -> HTTPFields {
        guard let store else { return [:] }
        do {
            let states = try await cache.take(from: buckets, asking: store.take)
            guard let tightest = states.min(by: { $0.remaining < $1.remaining }) else { return [:] }
            return Self.fields(tightest.bucket.limit, remaining: tightest.remaining, reset: tightest.reset)
        } catch let exceeded as RateLimitExceeded {
            var problem = Problem(.tooManyRequests, "This was asked for too often. Wait before the next time.")
            problem.headers = Self.fields(exceeded.bucket.limit, remaining: 0, reset: exceeded.retryAfter)
            throw problem.with(.retryAfter, String(Self.seconds(exceeded.retryAfter)))
        }
    }

    /// https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    private static func fields(_ limit: RateLimit, remaining: Int, reset: Duration) -> HTTPFields {
        var fields = HTTPFields()
        fields[.rateLimitPolicy] = "\"default\";q=\(limit.count);w=\(seconds(limit.window))"
        fields[.rateLimit] = "\"default\";r=\(remaining);t=\(seconds(reset))"
        return fields
    }

    private static func seconds(_ duration: Duration) -> Int64 {
        max(1, duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0))
    }

    /// Those who reach the server through one connection to the network count as one.
    private static func name(of client: IPAddress?) -> String {
        client?.subscriber.description ?? "local"
    }
}
