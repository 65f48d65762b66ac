import Persistence
import Synchronization

/// The sessions that were found good a moment ago, so that not every request asks the database.
///
/// What this process ends is forgotten at once; what another process ends, within `lifetime`.
final class SessionCache: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        let value: SignedIn
        let checkedAt: Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Counts the removals: what was read before one must not be stored after it.
        var generation: UInt64 = 0
    }

    private let lifetime: Duration
    private let capacity: Int
    private let now: @Sendable () -> Instant
    private let state = Mutex(State())

    init(lifetime: Duration = .seconds(3), capacity: Int = 20_000, now: @escaping @Sendable () -> Instant = { ContinuousClock.now }) {
        self.lifetime = lifetime
        self.capacity = capacity
        self.now = now
    }

    /// The signed-in person of a session, asked of `load` when it is not known here.
    func value(of session: String, load: () async throws -> SignedIn?) async throws -> SignedIn? {
        let (known, generation) = state.withLock { state in
            (state.entries[session].flatMap { $0.checkedAt.duration(to: now()) < lifetime ? $0.value : nil }, state.generation)
        }
        if let known { return known }
        let checkedAt = now()
        guard let value = try await load() else { return nil }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= capacity { state.entries.removeAll() }
            state.entries[session] = Entry(value: value, checkedAt: checkedAt)
        }
        return value
    }

    func remove(_ session: String) {
        state.withLock { state in
            state.generation &+= 1
            state.entries[session] = nil
        }
    }

    func removeAll(of user: String) {
        state.withLock { state in
            state.generation &+= 1
            state.entries = state.entries.filter { $0.value.value.user.id != user }
        }
    }
}
