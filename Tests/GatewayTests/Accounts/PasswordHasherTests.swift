import AgentTesting
import Synchronization
import Testing

@testable import Gateway

@Suite struct PasswordHasherTests {
    private let cheap = Argon2id(kibibytes: 8, passes: 1)

    private func password(_ text: String) throws -> Password {
        try #require(Password(text))
    }

    /// R-018, at the real cost.
    @Test func r018_aHashIsArgon2idAtTheRecommendedCostWithASaltOfItsOwn() async throws {
        let hasher = try PasswordHasher()
        let first = try await hasher.hash(try password("seven quiet lanterns"))
        let second = try await hasher.hash(try password("seven quiet lanterns"))
        #expect(first.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(first != second)
        #expect(try await hasher.verify(try password("seven quiet lanterns"), against: first))
        #expect(try await !hasher.verify(try password("seven quiet lantern"), against: first))
        #expect(try await !hasher.verify(try password("seven quiet lanterns"), against: nil))
    }

    /// every byte counts, and nothing is cut off.
    @Test func r020_r021_everyByteCounts() async throws {
        let hasher = try PasswordHasher(cost: cheap)
        let long = String(repeating: "x", count: 100)
        let pairs = [
            ("abc\u{0}ends with this", "abc\u{0}ends with that"), ("trailing space ", "trailing space"), (" leading space", "leading space"),
            (long + "a", long + "b"), ("👩‍👩‍👧 family", "👩‍👩‍👦 family"), ("Case matters", "case matters"),
        ]
        for (right, wrong) in pairs {
            let hash = try await hasher.hash(try password(right))
            #expect(try await hasher.verify(try password(right), against: hash))
            #expect(try await !hasher.verify(try password(wrong), against: hash), "\(right)")
        }
    }

    /// a keyboard may compose an accent in two ways.
    @Test func r021_howAnAccentWasTypedDoesNotMatter() async throws {
        let hasher = try PasswordHasher(cost: cheap)
        let hash = try await hasher.hash(try password("caf\u{E9} au lait fort"))
        #expect(try await hasher.verify(try password("cafe\u{301} au lait fort"), against: hash))
    }

    /// a row that was tampered with does not get the memory that it asks for.
    @Test(arguments: [
        "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2id$v=19$m=19456,t=4000000,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2id$v=19$m=19456,t=2,p=64$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g",
        "$argon2i$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "", "password", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=99999999999999999999,t=2,p=1$a$b",
    ])
    func r019_aTamperedHashIsNotVerified(hash: String) async throws {
        let hasher = try PasswordHasher(cost: cheap)
        await #expect(throws: PasswordHasher.Refusal.failed) { try await hasher.verify(try password("seven quiet lanterns"), against: hash) }
    }

    /// what does not fit is refused at once, and what fits is served.
    @Test(.timeLimit(.minutes(5))) func r048_aFullQueueRefuses() async throws {
        let queue = HashQueue(capacity: 2, patience: .seconds(300))
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<2 { group.addTask { try await queue.perform(isWanted: { true }) { number } } }
            while queue.waiting < 2 { await Task.yield() }
            let refusal = await #expect(throws: PasswordHasher.Refusal.self) { try await queue.perform(isWanted: { true }) { 2 } }
            guard case .busy(let seconds) = refusal else { return }
            #expect((1...34).contains(seconds))
            #expect(queue.runNext() && queue.runNext())
            let numbers = try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            #expect(numbers == [0, 1])
        }
    }

    /// nobody waits for these any more.
    @Test(.timeLimit(.minutes(5))) func r048_aJobThatWaitedTooLongOrWhoseClientLeftIsDropped() async throws {
        let start = ContinuousClock.now
        let offset = Mutex(Duration.zero)
        let queue = HashQueue(capacity: 8, patience: .seconds(2)) { start + offset.withLock { $0 } }
        let ran = Ran()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = await #expect(throws: PasswordHasher.Refusal.self) {
                    try await queue.perform(isWanted: { true }) { ran.add("late") }
                }
            }
            while queue.waiting < 1 { await Task.yield() }
            offset.withLock { $0 = .milliseconds(2_001) }
            group.addTask {
                await #expect(throws: CancellationError.self) { try await queue.perform(isWanted: { false }) { ran.add("left") } }
            }
            while queue.waiting < 2 { await Task.yield() }
            group.addTask { try await queue.perform(isWanted: { true }) { ran.add("good") } }
            while queue.waiting < 3 { await Task.yield() }
            for _ in 0..<3 { #expect(queue.runNext()) }
            try await group.waitForAll()
        }
        #expect(ran.names == ["good"])
    }

    @Test(.timeLimit(.minutes(5))) func aCancelledJobLeavesTheQueue() async throws {
        let queue = HashQueue(capacity: 8)
        let task = Task { try await queue.perform(isWanted: { true }) { 1 } }
        while queue.waiting < 1 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(queue.waiting == 0)
        queue.close()
        #expect(!queue.runNext() || !queue.runNext())
        await #expect(throws: PasswordHasher.Refusal.self) { try await queue.perform(isWanted: { true }) { 1 } }
    }

    private final class Ran: Sendable {
        private let list = Mutex<[String]>([])

        var names: [String] { list.withLock { $0 } }

        func add(_ name: String) {
            list.withLock { $0.append(name) }
        }
    }
}
