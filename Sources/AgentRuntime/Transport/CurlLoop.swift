import CCurl
import Glibc

/// Waits with epoll for what libcurl, other threads and deadlines ask for: everything in here, and every handle, belongs to the curl thread.
final class CurlLoop {
    let configuration: CurlTransport.Configuration

    private let mailbox: CurlMailbox
    private let epoll: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 256)
    /// The first takes transfers until it is full, and so on; a place is empty when its multi had nothing left to do.
    private var multis: [CurlMulti?] = []
    private var transfers: [UInt64: CurlTransfer] = [:]
    private var deadlines = DeadlineHeap()
    private var condemned: [(transfer: CurlTransfer, error: TransportError)] = []
    private var isShutDown = false

    /// libcurl's own set-up, once a process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter epoll: Of `open`; closed by `close`.
    init(configuration: CurlTransport.Configuration, mailbox: CurlMailbox, epoll: Int32) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.epoll = epoll
    }

    /// An epoll that watches the mailbox. On any thread; throws `couldNotConnect` when the machine has no memory or file descriptors left.
    static func open(watching mailbox: CurlMailbox) throws(TransportError) -> Int32 {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .couldNotConnect }
        var event = event(EPOLLIN.rawValue, on: mailbox.wakeUp, place: mailboxPlace)
        guard isReady, epoll_ctl(epoll, EPOLL_CTL_ADD, mailbox.wakeUp, &event) == 0 else {
            Glibc.close(epoll)
            throw .couldNotConnect
        }
        return epoll
    }

    func run() {
        while true {
            for command in mailbox.takeAll() { perform(command) }
            if isShutDown { return }
            for case let multi? in multis {
                multi.admit()
                settle(multi)
            }
            wait()
            actOnTimers()
            endDue()
            closeIdle()
        }
    }

    /// Ends what is left and gives everything back.
    func close() {
        for transfer in Array(transfers.values) { end(transfer, .shutDown) }
        for case .start(let job) in mailbox.takeAll() { job.stream.finish(.shutDown) }
        for multi in multis { multi?.close() }
        Glibc.close(epoll)
    }

    /// A transfer's first byte or resumption may bring its deadline forward; later ones are found when the armed one comes.
    func arm(_ transfer: CurlTransfer) {
        guard let deadline = transfer.deadline?.at, transfer.heapIndex == nil || deadline < transfer.armed ?? deadline else { return }
        transfer.armed = deadline
        deadlines.set(deadline, for: transfer)
    }

    /// Called from within libcurl: the transfer is ended when it has returned.
    func condemn(_ transfer: CurlTransfer, _ error: TransportError) {
        condemned.append((transfer, error))
    }

    func transfer(_ id: UInt64) -> CurlTransfer? {
        transfers[id]
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
        guard let multi = multiWithRoom(), let transfer = CurlTransfer(job, on: multi) else {
            job.stream.finish(.connectionLost("libcurl is out of memory"))
            return
        }
        transfers[job.id] = transfer
        multi.enter(transfer)
        arm(transfer)
    }

    private func resume(_ id: UInt64) {
        guard let transfer = transfers[id] else { return }
        transfer.resume()
        arm(transfer)
        settle(transfer.multi)
    }

    private func multiWithRoom() -> CurlMulti? {
        if let multi = multis.lazy.compactMap({ $0 }).first(where: { $0.hasRoom }) { return multi }
        let place = multis.firstIndex { $0 == nil } ?? multis.count
        guard let multi = CurlMulti(place: place, in: self) else { return nil }
        if place == multis.count { multis.append(multi) } else { multis[place] = multi }
        return multi
    }

    /// The first stays, with its connections, for the next transfer.
    private func closeIdle() {
        for place in multis.indices.dropFirst() where multis[place]?.isEmpty == true {
            multis[place]?.close()
            multis[place] = nil
        }
    }

    // MARK: Ends

    /// Ends what libcurl's last call has condemned or completed; what is both has failed.
    private func settle(_ multi: CurlMulti) {
        if !condemned.isEmpty {
            for (transfer, error) in exchange(&condemned, with: []) { end(transfer, error) }
        }
        while let (transfer, error) = multi.nextCompleted() { end(transfer, error) }
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
        transfer.multi.leave(transfer, isFailed: error != nil)
        transfer.end()
        deadlines.set(nil, for: transfer)
        transfers[transfer.job.id] = nil
        transfer.job.stream.finish(error)
    }

    // MARK: Waiting

    private static let mailboxPlace = Int(Int32.max)

    /// What an event is about: the multi's place and the socket.
    private static func event(_ flags: UInt32, on socket: curl_socket_t, place: Int) -> epoll_event {
        let tag = UInt64(UInt32(truncatingIfNeeded: place)) << 32 | UInt64(UInt32(bitPattern: socket))
        return epoll_event(events: flags, data: epoll_data(u64: tag))
    }

    func watch(_ socket: curl_socket_t, for flags: UInt32, place: Int) {
        var event = Self.event(flags, on: socket, place: place)
        if flags == 0 {
            epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event)
        } else if epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0, errno == EEXIST {
            epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event)
        }
    }

    private func wait() {
        let count = epoll_wait(epoll, &events, Int32(events.count), timeout())
        for index in 0..<max(0, Int(count)) {
            let (tag, flags) = (events[index].data.u64, events[index].events)
            let place = Int(tag >> 32)
            guard multis.indices.contains(place), let multi = multis[place] else { continue }
            multi.act(on: curl_socket_t(truncatingIfNeeded: tag), with: Self.curlFlags(flags))
            settle(multi)
        }
    }

    private func actOnTimers() {
        for multi in multis {
            guard let multi, let timer = multi.timer, timer <= .now else { continue }
            multi.actOnTimer()
            settle(multi)
        }
    }

    /// Milliseconds until something is due, rounded up; -1 for never, 0 while transfers may begin.
    private func timeout() -> Int32 {
        var next = deadlines.earliest
        for multi in multis {
            guard let multi else { continue }
            if multi.canAdmit { return 0 }
            if let timer = multi.timer { next = min(timer, next ?? timer) }
        }
        guard let next else { return -1 }
        return Int32(clamping: (next - .now).wholeMilliseconds)
    }

    private static func curlFlags(_ events: UInt32) -> Int32 {
        var flags: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { flags |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { flags |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { flags |= CURL_CSELECT_ERR }
        return flags
    }
}
