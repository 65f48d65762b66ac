import AgentTesting
import DatabaseFixtures
import HTTPTypes
import Persistence
import Synchronization
import Testing

@testable import Gateway

@Suite struct RateLimitCacheTests {
    /// What is limited, each with a limit of two in ten minutes.
    enum Asked: CaseIterable {
        case signInsOfClient, signInsOfAccount, failures, registrations, messages

        var limits: RateLimits {
            let two = RateLimit(2, every: .seconds(600))
            return switch self {
            case .signInsOfClient: RateLimits(signInsOfClient: two)
            case .signInsOfAccount: RateLimits(signInsOfAccount: two)
            case .failures: RateLimits(failedSignInsOfAccount: two)
            case .registrations: RateLimits(registrations: two)
            case .messages: RateLimits(messages: two)
            }
        }

        func ask(_ limiter: RateLimiter) async throws -> HTTPFields {
            switch self {
            case .signInsOfClient, .signInsOfAccount, .failures: try await limiter.signIn(to: "ann@example.org", from: IPAddress("127.0.0.2"))
            case .registrations: try await limiter.registration(from: IPAddress("127.0.0.2"))
            case .messages: try await limiter.message(of: User(id: "u", email: "ann@example.org", name: "Ann"))
            }
        }
    }

    @Test(arguments: Driver.all, Asked.allCases)
    func r043_r044_whatWasRefusedOnceIsRefusedWithoutAWriteForAsLongAsWasTold(on driver: Driver, asked: Asked) async throws {
        try await withReplicas(on: driver, asked.limits) { replica, time, database in
            let limiter = replica()
            for _ in 0..<2 { _ = try await asked.ask(limiter) }
            let first = try await #require(throws: Problem.self) { try await asked.ask(limiter) }
            let told = try #require(first.headers[.retryAfter].flatMap { Int($0) })
            #expect((driver == .sqlite ? 300...300 : 250...300).contains(told))
            let writes = database.enqueued
            for _ in 0..<50 {
                let refused = try await #require(throws: Problem.self) { try await asked.ask(limiter) }
                #expect(refused.headers == first.headers)
            }
            try await pass(.seconds(told - 1), time, database, driver)
            let late = try await #require(throws: Problem.self) { try await asked.ask(limiter) }
            #expect(late.headers[.retryAfter] == "1")
            #expect(late.headers[.rateLimit] == "\"default\";r=0;t=1")
            #expect(database.enqueued == writes + (driver == .postgres ? 1 : 0), "none but the test's own")
            try await pass(.seconds(1), time, database, driver)
            let fields = try await asked.ask(limiter)
            #expect(fields[.rateLimit]?.hasPrefix("\"default\";r=0;") == true)
            await #expect(throws: Problem.self) { try await asked.ask(limiter) }
        }
    }

    /// The bucket of the client is emptied by requests that the one of the account, which refuses, has nothing to do with.
    @Test func r044_whatIsToldIsTheLongestOfAllThatIsKnown() async throws {
        let limits = RateLimits(signInsOfClient: RateLimit(2, every: .seconds(1_200)), signInsOfAccount: RateLimit(1, every: .seconds(60)))
        try await withReplicas(on: .sqlite, limits) { replica, time, _ in
            let limiter = replica()
            func refusal(of account: String) async throws -> String? {
                try await #require(throws: Problem.self) { try await limiter.signIn(to: account, from: nil) }.headers[.retryAfter]
            }
            _ = try await limiter.signIn(to: "ann@example.org", from: nil)
            #expect(try await refusal(of: "ann@example.org") == "60")
            _ = try await limiter.signIn(to: "bob@example.org", from: nil)
            #expect(try await refusal(of: "ann@example.org") == "600")
            #expect(try await refusal(of: "cleo@example.org") == "600")
            time.advance(by: .seconds(600))
            _ = try await limiter.signIn(to: "ann@example.org", from: nil)
        }
    }

    @Test func r045_whatAnotherReplicaForgivesIsRefusedForNoLongerThanWasTold() async throws {
        let limits = RateLimits(failedSignInsOfAccount: RateLimit(2, every: .seconds(600)))
        try await withReplicas(on: .sqlite, limits) { replica, time, _ in
            let (one, other) = (replica(), replica())
            for _ in 0..<2 { _ = try await one.signIn(to: "ann@example.org", from: nil) }
            for limiter in [one, other] { await #expect(throws: Problem.self) { try await limiter.signIn(to: "ann@example.org", from: nil) } }
            try await other.forgiveFailures(of: "ann@example.org", from: nil)
            _ = try await other.signIn(to: "ann@example.org", from: nil)
            let refused = try await #require(throws: Problem.self) { try await one.signIn(to: "ann@example.org", from: nil) }
            #expect(refused.headers[.retryAfter] == "300")
            time.advance(by: .seconds(300))
            _ = try await one.signIn(to: "ann@example.org", from: nil)
        }
    }

    /// The store refuses for ten seconds from some moment between the question and its answer.
    @Test func aBucketIsHeldFromTheQuestionOnAndTheWaitIsToldFromTheAnswerOn() async throws {
        let time = SetClock()
        let cache = RateLimitCache(now: time.continuous)
        let bucket = RateLimitBucket(key: "a", limit: RateLimit(1, every: .seconds(10)))
        func refusal(after duration: Duration) async throws -> Duration {
            try await #require(throws: RateLimitExceeded.self) {
                try await cache.take(from: [bucket]) { _ in
                    time.advance(by: duration)
                    throw RateLimitExceeded(bucket: bucket, retryAfter: .seconds(10))
                }
            }.retryAfter
        }
        #expect(try await refusal(after: .seconds(3)) == .seconds(10))
        time.advance(by: .seconds(6))
        #expect(try await refusal(after: .seconds(100)) == .seconds(4), "as was told six seconds ago, and not asked")
        time.advance(by: .seconds(1))
        let taken = try await cache.take(from: [bucket]) { _ in [] }
        #expect(taken.isEmpty)
    }

    /// what was told before a bucket was filled must not be held after it.
    @Test func r045_aLateRefusalDoesNotOutliveItsForgiveness() async throws {
        let cache = RateLimitCache()
        let bucket = RateLimitBucket(key: "a", limit: RateLimit(1, every: .seconds(600)))
        let (asking, forgiven) = (Gate(), Gate())
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: RateLimitExceeded.self) {
                    try await cache.take(from: [bucket]) { _ in
                        asking.open()
                        try await forgiven.wait()
                        throw RateLimitExceeded(bucket: bucket, retryAfter: .seconds(600))
                    }
                }
            }
            group.addTask {
                try? await asking.wait()
                cache.remove(bucket.key)
                forgiven.open()
            }
        }
        let taken = try await cache.take(from: [bucket]) { _ in [] }
        #expect(taken.isEmpty)
    }

    @Test(arguments: [1, 2, 3, 16]) func r047_itHoldsNoMoreThanItMayAndTheLatest(capacity: Int) async throws {
        let time = SetClock()
        let cache = RateLimitCache(capacity: capacity, now: time.continuous)
        func refuse(_ key: Int, for seconds: Int) async throws {
            let bucket = RateLimitBucket(key: "\(key)", limit: RateLimit(1, every: .seconds(60)))
            await #expect(throws: RateLimitExceeded.self) {
                try await cache.take(from: [bucket]) { _ in throw RateLimitExceeded(bucket: bucket, retryAfter: .seconds(seconds)) }
            }
        }
        func held(_ keys: Range<Int>) async throws -> [Int] {
            var held: [Int] = []
            for key in keys {
                let bucket = RateLimitBucket(key: "\(key)", limit: RateLimit(1, every: .seconds(60)))
                do { _ = try await cache.take(from: [bucket]) { _ in [] } } catch is RateLimitExceeded { held.append(key) }
            }
            return held
        }
        for key in 0..<100 { try await refuse(key, for: 60) }
        let latest = try await held(0..<100)
        #expect((1...capacity).contains(latest.count))
        #expect(latest.contains(99))
        time.advance(by: .seconds(60))
        // What has passed makes room first, so nothing that still holds is dropped for it.
        for key in 100..<(100 + max(1, capacity / 4 * 3)) { try await refuse(key, for: 60) }
        #expect(try await held(100..<200).count == max(1, capacity / 4 * 3))
    }

    /// - Parameter body: Is given a maker of limiters, each as a replica has one.
    private func withReplicas(
        on driver: Driver,
        _ limits: RateLimits,
        _ body: (() -> RateLimiter, SetClock, CountingDatabase) async throws -> Void
    ) async throws {
        try await withDatabase(on: driver) { database in
            let (time, database) = (SetClock(), CountingDatabase(database))
            let store = RateLimitStore(database: database, clock: time.wall)
            try await body({ RateLimiter(store: store, limits: limits, cache: RateLimitCache(now: time.continuous)) }, time, database)
        }
    }

    /// Lets time go by: by this process's clocks, and on a server, whose clock is its own, by moving the moments.
    private func pass(_ time: Duration, _ clock: SetClock, _ database: any Database, _ driver: Driver) async throws {
        clock.advance(by: time)
        guard driver == .postgres else { return }
        _ = try await database.write { try $0.execute("UPDATE rate_limits SET full_at = full_at - \(time.components.seconds * 1_000)") }
    }
}
