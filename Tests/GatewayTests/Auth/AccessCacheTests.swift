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
