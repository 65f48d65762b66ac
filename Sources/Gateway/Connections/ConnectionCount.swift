import Synchronization

/// The connections that are open, by the subscriber they come from.
final class ConnectionCount: Sendable {
    private struct Open {
        var total = 0
        var bySubscriber: [IPAddress: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let proxies: TrustedProxies
    private let open = Mutex(Open())

    init(_ limits: ConnectionLimits, proxies: TrustedProxies) {
        self.limits = limits
        self.proxies = proxies
    }

    /// Counts a new connection. One that is not admitted is counted too: call `leave` for it as well, once it is closed.
    func admit(_ address: IPAddress?) -> Bool {
        let isLimited = address.map { !$0.isLoopback && !proxies.contains($0) } ?? false
        return open.withLock { open in
            open.total += 1
            guard let subscriber = address?.subscriber, isLimited else { return open.total <= limits.total }
            open.bySubscriber[subscriber, default: 0] += 1
            return open.total <= limits.total && open.bySubscriber[subscriber, default: 0] <= limits.perAddress
        }
    }

    func leave(_ address: IPAddress?) {
        open.withLock { open in
            open.total -= 1
            guard let subscriber = address?.subscriber, let count = open.bySubscriber[subscriber] else { return }
            open.bySubscriber[subscriber] = count > 1 ? count - 1 : nil
        }
    }
}
