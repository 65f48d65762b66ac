import CCurl

/// One multi handle with the transfers and connections it holds. Confined to the curl thread.
///
/// libcurl looks through all connections of a multi handle whenever a transfer begins or ends, so one handle holds a bounded number.
final class CurlMulti {
    private static let maxTransfers = 512

    /// When libcurl wants to be called without a socket having done anything.
    private(set) var timer: ContinuousClock.Instant?
    unowned let loop: CurlLoop

    private let handle: UnsafeMutableRawPointer
    private let place: Int
    private var count = 0
    private var gates: [String: OriginGate] = [:]
    private var openedGates: Set<String> = []
    private var connections = ConnectionTable()

    /// - Parameter place: which of the loop's this is.
    init?(place: Int, in loop: CurlLoop) {
        guard let handle = curl_multi_init() else { return nil }
        self.handle = handle
        self.place = place
        self.loop = loop
        configure()
    }

    /// Closes every connection; no transfer may be left.
    func close() {
        curl_multi_cleanup(handle)
    }

    var hasRoom: Bool { count < Self.maxTransfers }
    var isEmpty: Bool { count == 0 }
    var canAdmit: Bool { !openedGates.isEmpty }

    // MARK: Transfers

    func enter(_ transfer: CurlTransfer) {
        count += 1
        gates[transfer.job.origin, default: OriginGate()].enter(transfer)
        openedGates.insert(transfer.job.origin)
    }

    /// Starts whatever the gates let through by now.
    func admit() {
        while let origin = openedGates.popFirst() {
            while let transfer = gates[origin]?.admit() {
                transfer.beginConnecting()
                let code = curl_multi_add_handle(handle, transfer.easy)
                if code != CURLM_OK { loop.condemn(transfer, .connectionLost(String(cString: curl_multi_strerror(code)))) }
            }
        }
    }

    /// Called from within libcurl: who may follow is decided when it has returned.
    func connected(_ transfer: CurlTransfer, from phase: CurlTransfer.Phase, previous: ConnectionTable.Key?) {
        loop.arm(transfer)
        if let previous { _ = connections.leave(transfer.job.id, on: previous) }
        if let connection = transfer.connection { connections.join(transfer.job.id, on: connection) }
        guard phase == .connecting else { return }
        gates[transfer.job.origin]?.endConnecting()
        openedGates.insert(transfer.job.origin)
    }

    func leave(_ transfer: CurlTransfer, isFailed: Bool) {
        let origin = transfer.job.origin
        count -= 1
        if transfer.phase == .connecting { gates[origin]?.endConnecting() }
        if transfer.phase != .waiting { remove(transfer, isFailed: isFailed) }
        gates[origin]?.leave()
        if gates[origin]?.members == 0 {
            gates[origin] = nil
        } else {
            openedGates.insert(origin)
        }
    }

    /// libcurl 7.88 keeps an HTTP/2 stream's RST_STREAM to itself until the connection sends something else, and the server goes
    /// on answering nobody. So a connection without other streams is closed, one with others made to send.
    private func remove(_ transfer: CurlTransfer, isFailed: Bool) {
        let other = transfer.connection.flatMap { connections.leave(transfer.job.id, on: $0) }
        if isFailed { agent_easy_set_long(transfer.easy, CURLOPT_FORBID_REUSE, 1) }
        curl_multi_remove_handle(handle, transfer.easy)
        if isFailed, let other { loop.transfer(other)?.flush() }
    }

    // MARK: Driving libcurl

    func act(on socket: curl_socket_t, with flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(handle, socket, flags, &running)
    }

    func actOnTimer() {
        timer = nil
        act(on: CURL_SOCKET_TIMEOUT, with: 0)
    }

    /// A transfer that libcurl is done with, and why if it failed.
    func nextCompleted() -> (CurlTransfer, TransportError?)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            var context: UnsafeMutableRawPointer?
            agent_easy_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard message.pointee.msg == CURLMSG_DONE, let transfer = CurlTransfer.of(context) else { continue }
            return (transfer, transfer.failure(message.pointee.data.result))
        }
        return nil
    }

    private func configure() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        agent_multi_set_long(handle, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        agent_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        agent_multi_set_on_socket(handle) { _, socket, what, context, _ in
            CurlMulti.of(context)?.watch(socket, what)
            return 0
        }
        agent_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        agent_multi_set_on_timer(handle) { _, milliseconds, context in
            CurlMulti.of(context)?.timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
    }

    private func watch(_ socket: curl_socket_t, _ what: Int32) {
        let flags: UInt32 =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        loop.watch(socket, for: flags, place: place)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlMulti? {
        context.map { Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
    }
}
