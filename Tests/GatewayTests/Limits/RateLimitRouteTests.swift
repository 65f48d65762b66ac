import AgentRuntime
import DatabaseFixtures
import HTTPTypes
import Persistence
import Testing

@testable import Gateway

/// Rate limits as clients meet them.
@Suite struct RateLimitRouteTests {
    @Test(arguments: Driver.all) func r043_r044_exactlyTheOneTooManyIsRefused(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let limits = RateLimits(
                signInsOfClient: RateLimit(5, every: .seconds(600)), signInsOfAccount: RateLimit(3, every: .seconds(600)),
                registrations: RateLimit(2, every: .seconds(600)))
            try await GatewayFixture(database, limits: limits).browse { browser in
                func statuses(_ count: Int, _ body: () async throws -> Answer) async throws -> [Int] {
                    var statuses: [Int] = []
                    for _ in 0..<count { statuses.append(try await body().status) }
                    return statuses
                }
                var accounts = ["ann", "bob", "cleo"].makeIterator()
                let registered = try await statuses(3) {
                    let name = JSONValue.string(accounts.next() ?? "")
                    let body: JSONValue = ["email": .string("\(name.string ?? "")@example.org"), "name": name, "password": .string(Browser.password)]
                    return try await browser.another().send(.post, "/api/auth/register", body)
                }
                #expect(registered == [201, 201, 429])
                let wrong = try await statuses(4) { try await browser.another().signIn("ann", password: "wrong all the time") }
                #expect(wrong == [401, 401, 401, 429])
                // Of another account two more, and then no more of this client.
                let right = try await statuses(3) { try await browser.another().signIn("bob") }
                #expect(right == [200, 200, 429])
                let refused = try await browser.another().signIn("ann")
                #expect(refused.headers[.contentType] == "application/problem+json")
                #expect(refused.headers[.retryAfter].flatMap { Int($0) }.map { (1...600).contains($0) } == true)
                #expect(refused.headers[.rateLimit] != nil && refused.headers[.rateLimitPolicy] != nil)
                #expect(refused.cookies.isEmpty)
            }
        }
    }

    /// R-044: with the clock of this process, which a test can set.
    @Test func r044_waitingAsToldWorksAndASecondLessDoesNot() async throws {
        try await withDatabase { database in
            let gateway = try await GatewayFixture(database, limits: RateLimits(signInsOfAccount: RateLimit(1, every: .seconds(60))))
            try await gateway.browse { browser in
                _ = try await browser.another().register("ann")
                #expect(try await browser.another().signIn("ann").status == 200)
                let wait = try #require(try await browser.another().signIn("ann").headers[.retryAfter].flatMap { Int($0) })
                gateway.time.advance(by: .seconds(wait - 1))
                #expect(try await browser.another().signIn("ann").status == 429)
                gateway.time.advance(by: .seconds(1))
                #expect(try await browser.another().signIn("ann").status == 200)
            }
        }
    }

    /// Everybody waits for the one writer of the database, so whoever hammers must not fill its queue.
    @Test(arguments: Driver.all) func r043_whoHammersTheSignInCostsNoWrites(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let counted = CountingDatabase(database)
            let gateway = try await GatewayFixture(counted, limits: RateLimits(signInsOfAccount: RateLimit(1, every: .seconds(60))))
            try await gateway.browse { browser in
                #expect(try await browser.another().signIn("nobody").status == 401)
                #expect(try await browser.another().signIn("nobody").status == 429)
                let writes = counted.enqueued
                for _ in 0..<20 {
                    let refused = try await browser.another().signIn("nobody")
                    #expect(refused.status == 429)
                    #expect(refused.headers[.retryAfter] == "60")
                }
                #expect(counted.enqueued == writes)
                #expect(gateway.log.lines(of: "security").filter { $0["event"] == "rate_limited" }.count == 21, "each is still written down")
            }
        }
    }

    /// A hundred in a row, each from the same client for the same account, and a success forgives them.
    @Test(arguments: Driver.all) func r045_afterAHundredFailuresInARowAClientIsRefusedAndNobodyElse(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let many = RateLimit(100_000, every: .seconds(60))
            let limiter = RateLimiter(
                store: RateLimitStore(database: database), limits: RateLimits(signInsOfClient: many, signInsOfAccount: many))
            let attacker = try #require(IPAddress("127.0.0.2"))
            let victim = try #require(IPAddress("127.0.0.3"))
            for _ in 0..<100 { _ = try await limiter.signIn(to: "ann@example.org", from: attacker) }
            await #expect(throws: Problem.self) { try await limiter.signIn(to: "Ann@example.org", from: attacker) }
            _ = try await limiter.signIn(to: "ann@example.org", from: victim)
            _ = try await limiter.signIn(to: "bob@example.org", from: attacker)
            try await limiter.forgiveFailures(of: "ANN@example.org", from: victim)
            await #expect(throws: Problem.self) { try await limiter.signIn(to: "ann@example.org", from: attacker) }
            try await limiter.forgiveFailures(of: "ANN@example.org", from: attacker)
            for _ in 0..<100 { _ = try await limiter.signIn(to: "ann@example.org", from: attacker) }
            await #expect(throws: Problem.self) { try await limiter.signIn(to: "ann@example.org", from: attacker) }
        }
    }

    @Test(arguments: Driver.all) func r045_theRightPasswordForgivesFailures(on driver: Driver) async throws {
        try await withDatabase(on: driver) { database in
            let gateway = try await GatewayFixture(database, limits: RateLimits(failedSignInsOfAccount: RateLimit(3, every: .seconds(86_400))))
            try await gateway.browse { browser in
                _ = try await browser.another().register("ann")
                for _ in 0..<2 {
                    for _ in 0..<2 { #expect(try await browser.another().signIn("ann", password: "wrong all the time").status == 401) }
                    #expect(try await browser.another().signIn("ann").status == 200)
                }
                for _ in 0..<3 { #expect(try await browser.another().signIn("ann", password: "wrong all the time").status == 401) }
                #expect(try await browser.another().signIn("ann").status == 429)
            }
        }
    }
}
