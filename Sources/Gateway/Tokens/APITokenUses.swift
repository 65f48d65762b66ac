import Persistence
import Synchronization

/// The API tokens that were used and whose use is still to be stored: a request does not wait for that.
final class APITokenUses: Sendable {
    private let pending = Mutex<Set<String>>([])
    private let clock: WallClock

    init(clock: WallClock = .system) {
        self.clock = clock
    }

    func note(_ token: APIToken) {
        let isRecent = token.lastUsedAt.map { clock.now < $0.adding(APITokenStore.useInterval) } ?? false
        if !isRecent { pending.withLock { _ = $0.insert(token.id) } }
    }

    /// What was noted since the last time.
    func take() -> [String] {
        pending.withLock { tokens in
            defer { tokens = [] }
            return Array(tokens)
        }
    }
}
