import Logging
import Persistence
import ServiceLifecycle

/// Deletes what has served its time: sessions that ended, API tokens that expired, keys by which requests were told from their repetitions, what
/// people used in days that are long past, and full rate limits.
///
/// Replicas may do so at once: what one has deleted the others do not find.
struct Pruning: Service {
    /// After the start, and then from one time to the next.
    static let delay = Duration.seconds(60)
    static let interval = Duration.seconds(600)
    /// How long a key of a request is known, and for how long one may ask why a session ended.
    static let kept = Duration.seconds(24 * 3_600)
    /// Rows of one commit, so that nothing waits long for it.
    static let batch = 500

    let stores: Stores
    let wallClock: WallClock
    let clock: any Clock<Duration>
    let logger: Logger

    func run() async throws {
        try await clock.repeatUntilGracefulShutdown(after: Self.delay, every: Self.interval) {
            do { try await prune() } catch let error as StoreError {
                logger.warning("what has served its time could not be deleted", metadata: ["error": "\(error)"])
            }
        }
    }

    func prune() async throws {
        let end = wallClock.now.adding(.zero - Self.kept)
        let ended = try await inBatches { try await stores.sessions.prune(endedBefore: end, limit: Self.batch) }
        let tokens = try await inBatches { try await stores.tokens.prune(expiredBefore: end, limit: Self.batch) }
        let keys = try await inBatches { try await stores.effects.prune(before: end, limit: Self.batch) }
        try await inBatches { try await stores.usage.pruneReservations(limit: Self.batch) }
        let days = try await inBatches { try await stores.usage.pruneDays(limit: Self.batch) }
        let full = try await inBatches { try await stores.rateLimits.prune(limit: Self.batch) }
        if ended + tokens + keys + days + full > 0 {
            logger.info(
                "deleted what has served its time",
                metadata: ["sessions": "\(ended)", "tokens": "\(tokens)", "keys": "\(keys)", "days": "\(days)", "buckets": "\(full)"])
        }
    }

    /// Other writes come in between.
    @discardableResult
    private func inBatches(_ prune: () async throws -> Int) async throws -> Int {
        var sum = 0
        while true {
            let count = try await prune()
            sum += count
            guard count >= Self.batch else { return sum }
        }
    }
}
