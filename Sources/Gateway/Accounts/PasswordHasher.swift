import Synchronization

/// Hashes and verifies passwords on threads of its own, behind a queue that refuses before it grows long.
///
/// Swift's own pool has one thread a core: two hashes on it would stop everything else.
public final class PasswordHasher: Sendable {
    /// Why a password was not looked at.
    enum Refusal: Error, Sendable, Hashable {
        /// Try again after so many seconds.
        case busy(seconds: Int)
        /// There was no memory, or a stored hash is not one.
        case failed
    }

    private let cost: Argon2id
    /// What an unknown address is verified against, so that it takes as long as a known one.
    private let dummy: String
    private let queue: HashQueue

    /// - Parameter threads: How many passwords are hashed at once; each takes 19 MiB and a core for about 20 ms.
    /// - Parameter capacity: How many may wait.
    public convenience init(threads: Int = 1, capacity: Int = 64) throws {
        try self.init(cost: .recommended, threads: threads, queue: HashQueue(capacity: capacity))
    }

    /// For tests, which may pay less.
    init(cost: Argon2id, threads: Int = 1, queue: HashQueue = HashQueue(capacity: 64)) throws {
        guard Sodium.isReady, let dummy = cost.hash(Secret(Sodium.randomBytes(16))) else { throw Refusal.failed }
        self.cost = cost
        self.dummy = dummy
        self.queue = queue
        for _ in 0..<max(1, threads) {
            guard HashThread.start(on: queue) else { throw Refusal.failed }
        }
    }

    deinit {
        queue.close()
    }

    var statistics: HashQueue.Statistics { queue.statistics }

    /// A PHC string.
    /// - Parameter isWanted: Asked before the work is begun; false when the client has left.
    func hash(_ password: Password, isWanted: @escaping @Sendable () -> Bool = { true }) async throws -> String {
        try await queue.perform(isWanted: isWanted) { [cost] in
            guard let hash = cost.hash(password.secret) else { throw Refusal.failed }
            return hash
        }
    }

    /// Whether `hash` was made at a lower cost than new ones are.
    func isOutdated(_ hash: String) -> Bool {
        !cost.isMet(by: hash)
    }

    /// Whether the password is the one of `hash`. Without a hash the answer is no, after the same work.
    func verify(_ password: Password, against hash: String?, isWanted: @escaping @Sendable () -> Bool = { true }) async throws -> Bool {
        try await queue.perform(isWanted: isWanted) { [dummy] in
            guard let isSame = Argon2id.verify(password.secret, against: hash ?? dummy) else { throw Refusal.failed }
            return isSame && hash != nil
        }
    }
}
