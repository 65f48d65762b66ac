import Synchronization

/// The requests of one model call that were sent and not answered: the provider may charge for what they said, and tells nobody.
final class UnansweredTries: Sendable {
    private let sent = Mutex(0)

    var count: Int { sent.withLock { $0 } }

    func note(_ error: ModelError) {
        if error.charge != .nothing { sent.withLock { $0 += 1 } }
    }
}
