/// Lets transfers to one origin begin in an order that shares what the first one learns.
///
/// While nothing is known of an origin one transfer goes ahead; the others then find its name resolved and, over HTTP/2, its
/// connection open. After that a bounded number may be connecting at once. Confined to the curl thread.
struct OriginGate {
    /// More would overrun the listen queue of a small server.
    private static let maxConnecting = 64

    private(set) var members = 0
    private var isKnown = false
    private var connecting = 0
    private var waiting: [CurlTransfer?] = []
    private var nextWaiting = 0

    mutating func enter(_ transfer: CurlTransfer) {
        members += 1
        waiting.append(transfer)
    }

    /// The next transfer that may begin to connect.
    mutating func admit() -> CurlTransfer? {
        while nextWaiting < waiting.count, connecting < (isKnown ? Self.maxConnecting : 1) {
            let transfer = exchange(&waiting[nextWaiting], with: nil)
            nextWaiting += 1
            compact()
            guard let transfer, transfer.phase == .waiting else { continue }
            connecting += 1
            return transfer
        }
        return nil
    }

    /// A transfer has its connection, or has failed to get one.
    mutating func endConnecting() {
        isKnown = true
        connecting -= 1
    }

    mutating func leave() {
        members -= 1
    }

    private mutating func compact() {
        guard nextWaiting > 64, nextWaiting > waiting.count / 2 else { return }
        waiting.removeFirst(nextWaiting)
        nextWaiting = 0
    }
}
