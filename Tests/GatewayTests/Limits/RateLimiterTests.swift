import AgentRuntime
import DatabaseFixtures
import Foundation
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

@Suite struct RateLimiterTests {
    /// R-044: the answer says what the limit is, and when the same can succeed.
    @Test func r044_theAnswerToOneTooManySaysWhenToComeAgain() async throws {
        try await withLimiter(RateLimits(signInsOfClient: RateLimit(3, every: .seconds(60)))) { limiter, clock in
            let ann = try #require(IPAddress("203.0.113.7"))
            for left in [2, 1, 0] {
                let fields = try await limiter.signIn(to: "ann@example.org", from: ann)
                #expect(fields[.rateLimit] == "\"default\";r=\(left);t=\((3 - left) * 20)")
                #expect(fields[.rateLimitPolicy] == "\"default\";q=3;w=60")
            }
            let problem = try await #require(throws: Problem.self) { try await limiter.signIn(to: "ann@example.org", from: ann) }
            #expect(problem.status == .tooManyRequests)
            #expect(problem.headers[.retryAfter] == "20")
            #expect(problem.headers[.rateLimit] == "\"default\";r=0;t=20")
            clock.advance(by: .seconds(20))
            _ = try await limiter.signIn(to: "ann@example.org", from: ann)
        }
    }

    /// R-045: who is attacked from elsewhere can still sign in.
    @Test func r045_nobodyCanLockAnotherOut() async throws {
        try await withLimiter(RateLimits()) { limiter, _ in
            let attacker = try #require(IPAddress("127.0.0.2"))
            var refused = 0
            for _ in 0..<200 {
                do { _ = try await limiter.signIn(to: "ann@example.org", from: attacker) } catch is Problem { refused += 1 }
            }
            #expect(refused == 190)
            _ = try await limiter.signIn(to: "ANN@example.org", from: IPAddress("127.0.0.3"))
            await #expect(throws: Problem.self) { try await limiter.signIn(to: " Ann@Example.org", from: attacker) }
            // The attacker's own account is another.
            _ = try await limiter.signIn(to: "eve@example.org", from: attacker)
        }
    }

    /// R-043: one subscriber of IPv6 has 2^64 addresses.
    @Test func r043_aNetworkOfIPv6IsOneClient() async throws {
        try await withLimiter(RateLimits(registrations: RateLimit(1, every: .seconds(60)))) { limiter, _ in
            _ = try await limiter.registration(from: IPAddress("2001:db8::1"))
            await #expect(throws: Problem.self) { try await limiter.registration(from: IPAddress("2001:db8::2")) }
            _ = try await limiter.registration(from: IPAddress("2001:db8:0:1::1"))
        }
    }

    @Test func withoutLimitsNothingIsRefusedOrSaid() async throws {
        for _ in 0..<200 {
            let fields = try await RateLimiter.off.signIn(to: "a", from: nil)
            #expect(fields.isEmpty)
        }
    }

    @Test func aFileChangesSomeLimits() throws {
        let limits = try RateLimits(json: Data(#"{"registrations": {"count": 2, "seconds": 10}}"#.utf8))
        #expect(limits.registrations == RateLimit(2, every: .seconds(10)))
        #expect(limits.messages == RateLimits().messages)
        for text in ["", "[]", #"{"signins": {"count": 1, "seconds": 1}}"#, #"{"messages": {"count": 0, "seconds": 1}}"#, #"{"messages": 5}"#] {
            #expect(throws: GatewayConfigurationError.self) { try RateLimits(json: Data(text.utf8)) }
        }
    }

    private func withLimiter(_ limits: RateLimits, _ body: (RateLimiter, SetClock) async throws -> Void) async throws {
        try await withDatabase { database in
            let clock = SetClock()
            let store = RateLimitStore(database: database, clock: clock.wall)
            try await body(RateLimiter(store: store, limits: limits, cache: RateLimitCache(now: clock.continuous)), clock)
        }
    }
}
