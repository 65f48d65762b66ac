import Persistence
import Synchronization

/// The shared buckets that have nothing left, so that whoever goes on asking for too much costs the database nothing.
///
/// A bucket is held no longer than the store said. When another replica fills it meanwhile, for a right password, this one goes on refusing until
/// the time is over that it told.
final class RateLimitCache: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        /// Counted from before the store was asked: the store itself refuses until then, and maybe a little longer.
        let end: Instant
        /// Counted from its answer: from then on the store refuses no more.
        let retry: Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Counts the removals: what was told before one must not be stored after it.
        var generation: UInt64 = 0

        mutating func refusal(of buckets: [RateLimitBucket], at now: Instant) -> RateLimitExceeded? {
            var refusals: [RateLimitExceeded] = []
            for bucket in buckets {
                guard let entry = entries[bucket.key] else { continue }
                if entry.end > now {
                    refusals.append(RateLimitExceeded(bucket: bucket, retryAfter: now.duration(to: entry.retry)))
                } else {
                    entries[bucket.key] = nil
                }
            }
            return refusals.max { $0.retryAfter < $1.retryAfter }
        }
    }

    private let capacity: Int
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    init(capacity: Int = 65_536, now: @escaping @Sendable () -> Instant = { ContinuousClock.now }) {
        self.capacity = capacity
        self.now = now
    }

    /// Takes one from every bucket, or from none, as `store` does, which is not asked when one is known to have nothing. Throws `RateLimitExceeded`.
    func take(
        from buckets: [RateLimitBucket],
        asking store: ([RateLimitBucket]) async throws -> [RateLimitState]
    ) async throws -> [RateLimitState] {
        let asked = now()
        let (refusal, generation) = state.withLock { ($0.refusal(of: buckets, at: asked), $0.generation) }
        if let refusal { throw refusal }
        do {
            let states = try await store(buckets)
            for state in states where state.remaining == 0 { add(state.bucket, state.retryAfter, asked, generation) }
            return states
        } catch let refusal as RateLimitExceeded {
            add(refusal.bucket, refusal.retryAfter, asked, generation)
            throw refusal
        }
    }

    /// Forgets a bucket that was filled in the store.
    func remove(_ key: String) {
        state.withLock { state in
            state.generation &+= 1
            state.entries[key] = nil
        }
    }

    private func add(_ bucket: RateLimitBucket, _ wait: Duration, _ asked: Instant, _ generation: UInt64) {
        let now = now()
        let entry = Entry(end: asked + wait, retry: now + wait)
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= capacity {
                // A quarter at least, so that an attack from everywhere does not look through all of them each time.
                let current = state.entries.lazy.filter { $0.value.end > now }.prefix(capacity / 4 * 3)
                state.entries = Dictionary(current.map { ($0.key, $0.value) }) { $1 }
            }
            state.entries[bucket.key] = entry
        }
    }
}
