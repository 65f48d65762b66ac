import Synchronization

/// Keeps a provider that fails again and again from being asked for a while, so that people hear at once instead of after a wait.
///
/// After so many outages in a row it opens. Once it has been open for a while it lets one request through: if that is answered it closes, else it
/// stays open as long again. An outage is a connection that fails or falls silent, or a status from 500 up; every other answer shows that the
/// provider is there.
public final class CircuitBreaker: Sendable {
    public typealias Instant = ContinuousClock.Instant

    public struct Settings: Sendable, Hashable {
        /// Outages in a row after which it opens.
        public var outages: Int
        /// In which they have to come.
        public var window: Duration
        /// How long it stays open before one request is let through.
        public var pause: Duration

        public init(outages: Int = 5, window: Duration = .seconds(120), pause: Duration = .seconds(10)) {
            self.outages = outages
            self.window = window
            self.pause = pause
        }
    }

    private enum State {
        case closed(outages: Int, since: Instant)
        case open(until: Instant)
        /// One request is under way, to see whether the provider is back.
        case halfOpen
    }

    private let settings: Settings
    private let now: @Sendable () -> Instant
    private let state: Mutex<State>

    public init(_ settings: Settings = Settings(), now: @escaping @Sendable () -> Instant = { ContinuousClock.now }) {
        self.settings = settings
        self.now = now
        state = Mutex(.closed(outages: 0, since: now()))
    }

    /// Whether requests are refused at this moment.
    public var isOpen: Bool {
        state.withLock { if case .closed = $0 { false } else { true } }
    }

    /// Nil while it is open.
    func enter() -> Passage? {
        let now = now()
        return state.withLock { state in
            switch state {
            case .closed: return Passage(self, isProbe: false)
            case .open(let end) where end <= now:
                state = .halfOpen
                return Passage(self, isProbe: true)
            case .open, .halfOpen: return nil
            }
        }
    }

    fileprivate func end(with outcome: Passage.Outcome, isProbe: Bool) {
        let now = now()
        state.withLock { state in
            switch (state, outcome) {
            case (.halfOpen, .answered) where isProbe: state = .closed(outages: 0, since: now)
            case (.halfOpen, .outage) where isProbe: state = .open(until: now + settings.pause)
            // Nothing was learned, so the next request is the one that finds out.
            case (.halfOpen, .unknown) where isProbe: state = .open(until: now)
            case (.closed, .answered): state = .closed(outages: 0, since: now)
            case (.closed(let outages, let start), .outage):
                let isLate = outages == 0 || now - start > settings.window
                let count = isLate ? 1 : outages + 1
                state = count >= settings.outages ? .open(until: now + settings.pause) : .closed(outages: count, since: isLate ? now : start)
            // What was begun before it opened says nothing about now.
            default: break
            }
        }
    }
}

extension CircuitBreaker {
    /// A request that was let through, until it is known how it went.
    final class Passage: Sendable {
        enum Outcome: Sendable {
            case answered, outage, unknown
        }

        private let breaker: CircuitBreaker
        private let isProbe: Bool
        private let isOver = Mutex(false)

        fileprivate init(_ breaker: CircuitBreaker, isProbe: Bool) {
            self.breaker = breaker
            self.isProbe = isProbe
        }

        /// Only the first outcome counts.
        func end(with outcome: Outcome) {
            let isFirst = isOver.withLock { isOver in
                defer { isOver = true }
                return !isOver
            }
            if isFirst { breaker.end(with: outcome, isProbe: isProbe) }
        }

        /// A request that nobody went on with.
        deinit { end(with: .unknown) }
    }
}
