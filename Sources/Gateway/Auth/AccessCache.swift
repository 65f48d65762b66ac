import Persistence
import Synchronization

/// The sessions and API tokens that were found good a moment ago, so that not every request asks the database.
///
/// What this process ends is forgotten at once; what another process ends, within `lifetime`.
final class AccessCache: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        let value: SignedIn
        let checkedAt: Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Counts the removals: what was read before one must not be stored after it.
        var generation: UInt64 = 0
        /// With how many entries the next looks for those that are too old.
        var sweepCount = AccessCache.leastSwept
    }

    private static let leastSwept = 256

    private let lifetime: Duration
    private let capacity: Int
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    init(lifetime: Duration = .seconds(3), capacity: Int = 20_000, now: @escaping @Sendable () -> Instant = { ContinuousClock.now }) {
        self.lifetime = lifetime
        self.capacity = capacity
        self.now = now
    }

    /// How many are known, with those that are too old and not yet dropped.
    var count: Int { state.withLock { $0.entries.count } }

    /// The person that a key stands for, asked of `load` when it is not known here.
    /// - Parameter key: A session's id, or the SHA-256 of a token.
    func value(of key: String, load: () async throws -> SignedIn?) async throws -> SignedIn? {
        let (known, generation) = state.withLock { state in
            (state.entries[key].flatMap { isGood($0, at: now()) ? $0.value : nil }, state.generation)
        }
        if let known { return known }
        let checkedAt = now()
        guard let value = try await load() else { return nil }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= state.sweepCount { sweep(&state) }
            if state.entries.count >= capacity { state.entries.removeAll() }
            state.entries[key] = Entry(value: value, checkedAt: checkedAt)
        }
        return value
    }

    func remove(_ key: String) {
        state.withLock { state in
            state.generation &+= 1
            state.entries[key] = nil
        }
    }

    func removeAll(of user: String) {
        state.withLock { state in
            state.generation &+= 1
            state.entries = state.entries.filter { $0.value.value.user.id != user }
        }
    }

    private func isGood(_ entry: Entry, at moment: Instant) -> Bool {
        entry.checkedAt.duration(to: moment) < lifetime
    }

    /// Not again before there are twice as many as are left now, so that an entry is looked at a few times at most.
    private func sweep(_ state: inout State) {
        let moment = now()
        state.entries = state.entries.filter { isGood($0.value, at: moment) }
        state.sweepCount = max(Self.leastSwept, 2 * state.entries.count)
    }
}
