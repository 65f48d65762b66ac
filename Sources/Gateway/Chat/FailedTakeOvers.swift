import Persistence
import Synchronization

/// Runs that could not be taken up, each of which is let be for a while.
final class FailedTakeOvers: Sendable {
    static let pause = Duration.seconds(60)

    private let nextTries = Mutex<[String: Timestamp]>([:])

    func mayTry(_ run: String, at now: Timestamp) -> Bool {
        nextTries.withLock { $0[run].map { $0 <= now } ?? true }
    }

    func note(_ run: String, at now: Timestamp) {
        nextTries.withLock { tries in
            tries = tries.filter { $0.value > now }
            tries[run] = now.adding(Self.pause)
        }
    }
}
