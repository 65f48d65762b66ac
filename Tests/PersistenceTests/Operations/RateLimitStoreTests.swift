import DatabaseFixtures
import Testing

@testable import Persistence

@Suite struct RateLimitStoreTests {
    private let limit = RateLimit(3, every: .seconds(30))

    /// On SQLite, where the clock is the process's and can be set.
    @Test func r043_r044_exactlyTheLimitIsTakenAndWaitingAsToldWorks() async throws {
        try await withStores(on: .sqlite) { stores, _, clock in
            let bucket = RateLimitBucket(key: "a", limit: limit)
            for left in [2, 1, 0] {
                let state = try await stores.rateLimits.take(from: [bucket])
                #expect(state.map(\.remaining) == [left])
                #expect(state.map(\.reset) == [.seconds(10 * (3 - left))])
            }
            await #expect(throws: RateLimitExceeded(bucket: bucket, retryAfter: .seconds(10))) { try await stores.rateLimits.take(from: [bucket]) }
            clock.advance(by: .seconds(9))
            await #expect(throws: RateLimitExceeded(bucket: bucket, retryAfter: .seconds(1))) { try await stores.rateLimits.take(from: [bucket]) }
            clock.advance(by: .seconds(1))
            _ = try await stores.rateLimits.take(from: [bucket])
            await #expect(throws: RateLimitExceeded.self) { try await stores.rateLimits.take(from: [bucket]) }
            clock.advance(by: .seconds(1_000))
            let state = try await stores.rateLimits.take(from: [bucket])
            #expect(state.map(\.remaining) == [2])
        }
    }

    @Test(arguments: Driver.all) func r044_whoeverWaitsForTheSlowestBucketIsLetIn(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, _, clock in
            let empty = [("a", 60), ("b", 3_600), ("c", 600)].map { RateLimitBucket(key: $0, limit: RateLimit(1, every: .seconds($1))) }
            let others = ["_", "d"].map { RateLimitBucket(key: $0, limit: RateLimit(5, every: .seconds(36_000))) }
            for bucket in empty { _ = try await stores.rateLimits.take(from: [bucket]) }
            let refusal = try await #require(throws: RateLimitExceeded.self) { try await stores.rateLimits.take(from: empty + others) }
            #expect(refusal.bucket == empty[1])
            let untouched = try await stores.rateLimits.take(from: others)
            #expect(untouched.map(\.remaining) == [4, 4])

            func pass(_ time: Duration) async throws {
                if driver == .sqlite { return clock.advance(by: time) }
                // The server's clock is its own.
                try await stores.database.write { try $0.execute("UPDATE rate_limits SET full_at = full_at - \(time.inMilliseconds)") }
            }
            try await pass(refusal.retryAfter - .seconds(60))
            let late = try await #require(throws: RateLimitExceeded.self) { try await stores.rateLimits.take(from: empty) }
            #expect(late.bucket == empty[1])
            try await pass(.seconds(60))
            let taken = try await stores.rateLimits.take(from: empty + others)
            #expect(taken.count == 5)
        }
    }

    /// the other direction locks nobody out for long either.
    @Test func r049_aClockThatIsSetBackLocksNobodyOut() async throws {
        try await withStores(on: .sqlite) { stores, _, clock in
            let bucket = RateLimitBucket(key: "a", limit: limit)
            for _ in 0..<3 { _ = try await stores.rateLimits.take(from: [bucket]) }
            clock.advance(by: .seconds(-86_400))
            let state = try await stores.rateLimits.take(from: [bucket])
            #expect(state.map(\.remaining) == [2])
        }
    }

    /// Who waits for another's row has read the clock before.
    @Test func r043_anEmptyBucketIsEmptyForThoseWhoseClockIsALittleBehind() async throws {
        try await withStores(on: .sqlite) { stores, _, clock in
            let bucket = RateLimitBucket(key: "a", limit: limit)
            for _ in 0..<3 { _ = try await stores.rateLimits.take(from: [bucket]) }
            clock.advance(by: .milliseconds(-500))
            await #expect(throws: RateLimitExceeded.self) { try await stores.rateLimits.take(from: [bucket]) }
        }
    }

    @Test(arguments: Driver.all) func whatOneBucketRefusesIsTakenFromNone(on driver: Driver) async throws {
        try await withStores(on: driver) { stores, _, _ in
            let small = RateLimitBucket(key: "small", limit: RateLimit(1, every: .seconds(3_600)))
            let large = RateLimitBucket(key: "large", limit: RateLimit(100, every: .seconds(3_600)))
            let both = try await stores.rateLimits.take(from: [small, large])
            #expect(both.count == 2)
            await #expect(throws: RateLimitExceeded.self) { try await stores.rateLimits.take(from: [large, small]) }
            let state = try await stores.rateLimits.take(from: [large])
            #expect(state.map(\.remaining) == [98])
        }
    }

    @Test(arguments: Driver.all) func r043_replicasShareABucket(on driver: Driver) async throws {
        try await withReplicas(on: driver) { replicas, _ in
            let bucket = RateLimitBucket(key: "a", limit: RateLimit(20, every: .seconds(3_600)))
            let taken = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    let store = replicas[number % 2].rateLimits
                    group.addTask { (try? await store.take(from: [bucket])) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 20)
        }
    }

    @Test func r047_fullBucketsAreForgotten() async throws {
        try await withStores(on: .sqlite) { stores, _, clock in
            for number in 0..<50 { _ = try await stores.rateLimits.take(from: [RateLimitBucket(key: "\(number)", limit: limit)]) }
            #expect(try await stores.rateLimits.prune() == 0)
            clock.advance(by: .seconds(11))
            #expect(try await stores.rateLimits.prune(limit: 30) == 30)
            #expect(try await stores.rateLimits.prune(limit: 30) == 20)
        }
    }
}
