import AgentTesting
import Persistence
import Synchronization
import Testing

@testable import Gateway

@Suite struct AccessCacheTests {
    private let person = SignedIn(user: User(id: "u", email: "a@example.org", name: "A"), session: "s")

    @Test func aSessionIsAskedForAgainOnlyAfterAWhile() async throws {
        let start = ContinuousClock.now
        let offset = Mutex(Duration.zero)
        let loads = Mutex(0)
        let cache = AccessCache(lifetime: .seconds(3)) { start + offset.withLock { $0 } }
        for seconds in [0, 1, 2, 3, 4] {
            offset.withLock { $0 = .seconds(seconds) }
            let value = try await cache.value(of: "s") {
                loads.withLock { $0 += 1 }
                return person
            }
            #expect(value == person)
        }
        #expect(loads.withLock { $0 } == 2)
    }

    @Test func whatIsTooOldDoesNotGather() async throws {
        let start = ContinuousClock.now
        let offset = Mutex(Duration.zero)
        let cache = AccessCache(lifetime: .seconds(3)) { start + offset.withLock { $0 } }
        var sessions = 0
        func signIn(_ count: Int, at seconds: Int) async throws {
            offset.withLock { $0 = .seconds(seconds) }
            for _ in 0..<count {
                sessions += 1
                _ = try await cache.value(of: "s\(sessions)") { person }
            }
        }
        try await signIn(200, at: 0)
        try await signIn(56, at: 2)
        #expect(cache.count == 256)
        // Those of the last seconds stay, and the new one comes.
        try await signIn(1, at: 4)
        #expect(cache.count == 57)
        #expect(try await cache.value(of: "s256") { nil } == person)
        for second in 5..<50 {
            try await signIn(100, at: second)
            #expect(cache.count <= 600)
        }
    }

    @Test func whatHasEndedIsForgottenAtOnce() async throws {
        let cache = AccessCache()
        for end in [{ cache.remove("s") }, { cache.removeAll(of: "u") }] {
            #expect(try await cache.value(of: "s") { person } == person)
            end()
            #expect(try await cache.value(of: "s") { nil } == nil)
        }
    }

    /// what was read before a session ended must not come back after it.
    @Test func r030_aLateReadDoesNotReviveASession() async throws {
        let cache = AccessCache()
        let reading = Gate()
        let ended = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await cache.value(of: "s") {
                    reading.open()
                    try await ended.wait()
                    return person
                }
            }
            try await reading.wait()
            cache.remove("s")
            ended.open()
            try await group.waitForAll()
        }
        #expect(try await cache.value(of: "s") { nil } == nil)
    }
}
