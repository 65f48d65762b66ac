import CCurl
import Glibc

/// Drives libcurl with epoll: everything in here, and every handle, belongs to the curl thread.
final class CurlLoop {
    let configuration: CurlTransport.Configuration

    private let mailbox: CurlMailbox
    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private var transfers: [UInt64: CurlTransfer] = [:]
    private var gates: [String: OriginGate] = [:]
    private var openedGates: Set<String> = []
    private var connections = ConnectionTable()
    private var condemned: [(transfer: CurlTransfer, error: TransportError)] = []
    private var deadlines = DeadlineHeap()
    private var events = [epoll_event](repeating: epoll_event(), count: 256)
    private var curlTimer: ContinuousClock.Instant?
    private var isShutDown = false

    /// libcurl's own set-up, once a process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Nil when the machine has no memory or file descriptors left.
    init?(configuration: CurlTransport.Configuration, mailbox: CurlMailbox) {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard Self.isReady, epoll >= 0, mailbox.wakeUp >= 0, let multi = curl_multi_init() else {
            if epoll >= 0 { Glibc.close(epoll) }
            return nil
        }
        self.configuration = configuration
        self.mailbox = mailbox
        self.multi = multi
        self.epoll = epoll
        configureMulti()
        watch(mailbox.wakeUp, for: EPOLLIN.rawValue)
    }

    func run() {
        while true {
            for command in mailbox.takeAll() { perform(command) }
            if isShutDown { return }
            admit()
            wait()
            if let timer = curlTimer, timer <= .now {
                curlTimer = nil
                act(on: CURL_SOCKET_TIMEOUT, with: 0)
            }
            endDue()
        }
    }

    /// Ends what is left and gives everything back.
    func close() {
        for transfer in Array(transfers.values) { end(transfer, .shutDown) }
        for case .start(let job) in mailbox.takeAll() { job.stream.finish(.shutDown) }
        curl_multi_cleanup(multi)
        Glibc.close(epoll)
    }

    /// A transfer's first byte or resumption may bring its deadline forward; later ones are found when the armed one comes.
    func arm(_ transfer: CurlTransfer) {
        guard let deadline = transfer.deadline?.at, transfer.heapIndex == nil || deadline < transfer.armed ?? deadline else { return }
        transfer.armed = deadline
        deadlines.set(deadline, for: transfer)
    }

    /// Called from within libcurl: who may follow is decided when it has returned.
    func connected(_ transfer: CurlTransfer, from phase: CurlTransfer.Phase, previous: ConnectionTable.Key?) {
        arm(transfer)
        if let previous { _ = connections.leave(transfer.job.id, on: previous) }
        if let connection = transfer.connection { connections.join(transfer.job.id, on: connection) }
        guard phase == .connecting else { return }
        gates[transfer.job.origin]?.endConnecting()
        openedGates.insert(transfer.job.origin)
    }

    /// Called from within libcurl: the transfer is ended when it has returned.
    func condemn(_ transfer: CurlTransfer, _ error: TransportError) {
        condemned.append((transfer, error))
    }

    // MARK: Commands

    private func perform(_ command: CurlMailbox.Command) {
        switch command {
        case .start(let job): start(job)
        case .resume(let id): resume(id)
        case .cancel(let id): transfers[id].map { end($0, .cancelled) }
        case .shutDown: isShutDown = true
        }
    }

    private func start(_ job: CurlJob) {
        guard !job.stream.isFinished else { return }
        guard let transfer = CurlTransfer(job, in: self) else {
            job.stream.finish(.connectionLost("libcurl is out of memory"))
            return
        }
        transfers[job.id] = transfer
        gates[job.origin, default: OriginGate()].enter(transfer)
        openedGates.insert(job.origin)
        arm(transfer)
    }

    private func resume(_ id: UInt64) {
        guard let transfer = transfers[id] else { return }
        transfer.resume()
        arm(transfer)
        endCondemned()
    }

    /// Starts whatever the gates let through by now.
    private func admit() {
        while let origin = openedGates.popFirst() {
            while let transfer = gates[origin]?.admit() {
                transfer.beginConnecting()
                let code = curl_multi_add_handle(multi, transfer.easy)
                if code != CURLM_OK { end(transfer, .connectionLost(String(cString: curl_multi_strerror(code)))) }
            }
        }
    }

    // MARK: Ends

    private func endCompleted() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let transfer = transfer(of: message.pointee.easy_handle) else { continue }
            end(transfer, transfer.failure(message.pointee.data.result))
        }
    }

    /// A completed transfer that was condemned as well is a failed one.
    private func endCondemned() {
        for (transfer, error) in exchange(&condemned, with: []) { end(transfer, error) }
        endCompleted()
    }

    private func endDue() {
        let now = ContinuousClock.now
        while let transfer = deadlines.popDue(at: now) {
            guard let deadline = transfer.deadline else { continue }
            if deadline.at <= now {
                end(transfer, deadline.error)
            } else {
                arm(transfer)
            }
        }
    }

    /// Never called from within libcurl.
    private func end(_ transfer: CurlTransfer, _ error: TransportError?) {
        guard transfer.phase != .ended else { return }
        let origin = transfer.job.origin
        if transfer.phase == .connecting { gates[origin]?.endConnecting() }
        if transfer.phase != .waiting { remove(transfer, isFailed: error != nil) }
        gates[origin]?.leave()
        if gates[origin]?.members == 0 {
            gates[origin] = nil
        } else {
            openedGates.insert(origin)
        }
        transfer.end()
        deadlines.set(nil, for: transfer)
        transfers[transfer.job.id] = nil
        transfer.job.stream.finish(error)
    }

    /// libcurl 7.88 keeps an HTTP/2 stream's RST_STREAM to itself until the connection sends something else, and the server goes
    /// on answering nobody. So a connection without other streams is closed, one with others made to send.
    private func remove(_ transfer: CurlTransfer, isFailed: Bool) {
        let other = transfer.connection.flatMap { connections.leave(transfer.job.id, on: $0) }
        if isFailed { agent_easy_set_long(transfer.easy, CURLOPT_FORBID_REUSE, 1) }
        curl_multi_remove_handle(multi, transfer.easy)
        if isFailed, let other { transfers[other]?.flush() }
    }

    private func transfer(of easy: UnsafeMutableRawPointer?) -> CurlTransfer? {
        var context: UnsafeMutableRawPointer?
        agent_easy_get_pointer(easy, CURLINFO_PRIVATE, &context)
        return CurlTransfer.of(context)
    }

    // MARK: Sockets

    private func wait() {
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout())
        for index in 0..<max(0, Int(count)) {
            let event = events[index]
            if event.data.fd != mailbox.wakeUp { act(on: event.data.fd, with: Self.curlFlags(event.events)) }
        }
    }

    /// Milliseconds until something is due, rounded up; -1 for never, 0 while gates are open.
    private func timeout() -> Int32 {
        guard openedGates.isEmpty else { return 0 }
        let next = [curlTimer, deadlines.earliest].compactMap { $0 }.min()
        guard let next else { return -1 }
        return Int32(clamping: (next - .now).wholeMilliseconds)
    }

    private func act(on socket: curl_socket_t, with flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, flags, &running)
        endCondemned()
    }

    private func configureMulti() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        agent_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        agent_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        agent_multi_set_on_socket(multi) { _, socket, what, context, _ in
            CurlLoop.of(context)?.watch(socket, for: CurlLoop.epollFlags(what))
            return 0
        }
        agent_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        agent_multi_set_on_timer(multi) { _, milliseconds, context in
            CurlLoop.of(context)?.curlTimer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
            return 0
        }
    }

    /// No flags end the watch.
    private func watch(_ socket: curl_socket_t, for flags: UInt32) {
        var event = epoll_event(events: flags, data: epoll_data(fd: socket))
        if flags == 0 {
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event)
        } else if epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0, errno == EEXIST {
            epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event)
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlLoop? {
        context.map { Unmanaged<CurlLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func epollFlags(_ what: Int32) -> UInt32 {
        switch what {
        case CURL_POLL_IN: EPOLLIN.rawValue
        case CURL_POLL_OUT: EPOLLOUT.rawValue
        case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
        default: 0
        }
    }

    private static func curlFlags(_ events: UInt32) -> Int32 {
        var flags: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { flags |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { flags |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { flags |= CURL_CSELECT_ERR }
        return flags
    }
}
