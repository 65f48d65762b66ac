/// Whether this process has renewed its lease without a gap, and so can tell that others have not.
///
/// After an outage of the database all leases have run out, and whoever is back first would find the others gone who are back a moment later.
struct LeaseRenewals {
    typealias Instant = ContinuousClock.Instant

    private let lease: Duration
    private var latest: Instant
    /// Nil when there never was a gap.
    private var endOfGap: Instant?

    init(of lease: Duration, since start: Instant) {
        self.lease = lease
        latest = start
    }

    mutating func note(at now: Instant) {
        if now - latest > lease * 2 / 3 { endOfGap = now }
        latest = now
    }

    /// Whether the last gap is over for as long as a lease, in which everybody else who is there has renewed theirs.
    func areUnbroken(at now: Instant) -> Bool {
        endOfGap.map { now - $0 >= lease } ?? true
    }
}
