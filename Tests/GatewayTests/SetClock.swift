import Persistence
import Synchronization

/// The time of day, as a test sets it.
final class SetClock: Sendable {
    private let zero = ContinuousClock.now - .milliseconds(1_800_000_000_000)
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { [self] in now } }

    /// The same time on a clock that nobody sets.
    var continuous: @Sendable () -> ContinuousClock.Instant {
        { [self] in zero + .milliseconds(now.milliseconds) }
    }

    var now: Timestamp { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 = $0.adding(duration) }
    }
}
