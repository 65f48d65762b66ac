import CCurl

/// One easy handle and what its callbacks have seen. Confined to the curl thread.
final class CurlTransfer {
    enum Phase {
        /// For its turn at the origin's gate.
        case waiting
        case connecting
        /// For the first byte of the body.
        case asked
        case streaming
        case ended
    }

    /// Without the body, which libcurl reads from `body`.
    let job: CurlJob
    let started = ContinuousClock.now
    private(set) var phase = Phase.waiting
    private(set) var isPaused = false
    /// Where this transfer stands in the `DeadlineHeap`.
    var heapIndex: Int?
    var armed: ContinuousClock.Instant?
    private(set) var connection: ConnectionTable.Key?
    let easy: UnsafeMutableRawPointer
    unowned let multi: CurlMulti

    private let body: UnsafeMutableBufferPointer<UInt8>
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var phaseBegan: ContinuousClock.Instant
    private var head = ResponseHead()
    private var headerBytes = 0
    private var isHTTP2 = false

    init?(_ job: CurlJob, on multi: CurlMulti) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        body = .allocate(capacity: job.request.body.count)
        _ = body.initialize(from: job.request.body)
        var job = job
        job.request.body = []
        self.job = job
        self.multi = multi
        phaseBegan = started
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(multi.loop.configuration)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fields)
        body.deallocate()
        errorText.deallocate()
    }

    /// The transfer that a callback is about.
    static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Deadlines

    /// The next moment this transfer may have to be ended at, and the error for it.
    var deadline: (at: ContinuousClock.Instant, error: TransportError)? {
        let limits = job.request.deadlines
        var next: (at: ContinuousClock.Instant, error: TransportError)?
        switch phase {
        case .waiting, .connecting: next = (started + limits.connect, .connectTimedOut)
        case .asked: next = (phaseBegan + limits.firstByte, .firstByteTimedOut)
        case .streaming where !isPaused: next = (phaseBegan + limits.betweenBytes, .betweenBytesTimedOut)
        case .streaming, .ended: break
        }
        if let total = limits.total, started + total < next?.at ?? .now + .seconds(Int32.max) {
            next = (started + total, .totalTimedOut)
        }
        return next
    }

    // MARK: What the loop does

    func beginConnecting() {
        phase = .connecting
    }

    /// Takes up a transfer that its full buffer had stopped.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        phaseBegan = .now
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    func end() {
        phase = .ended
    }

    /// Makes libcurl send what it holds back for this transfer's connection.
    func flush() {
        curl_easy_pause(easy, CURLPAUSE_RECV)
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// What `code` means for the person who sent the request.
    func failure(_ code: CURLcode) -> TransportError? {
        if let failure = TransportError(code, detail: String(cString: errorText)) { return failure }
        // libcurl takes a header that stops after one of its lines for a whole one.
        return head.isComplete ? nil : .connectionLost("it ended within the header")
    }

    // MARK: What libcurl reports

    /// Comes again when a connection that was used before turns out to be dead, and when a server asks for HTTP/1.1 instead of HTTP/2.
    ///
    /// False when an answer has begun: libcurl would take the next one for its rest.
    func connected(over connection: ConnectionTable.Key) -> Bool {
        guard !head.isComplete else {
            multi.loop.condemn(self, .connectionLost("the server broke its answer off and asked for HTTP/1.1"))
            return false
        }
        let (phase, previous) = (phase, self.connection)
        self.phase = .asked
        self.connection = connection
        phaseBegan = .now
        multi.connected(self, from: phase, previous: previous)
        return true
    }

    /// One line of a header; a block of 1xx is followed by another block, trailers come after the body.
    func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) {
        headerBytes += line.count
        guard headerBytes <= multi.loop.configuration.maxHeaderBytes else {
            return multi.loop.condemn(self, .headersTooLarge(limit: multi.loop.configuration.maxHeaderBytes))
        }
        guard !head.isComplete else { return }
        head.receive(line)
        if head.isComplete {
            var version = 0
            agent_easy_get_long(easy, CURLINFO_HTTP_VERSION, &version)
            isHTTP2 = version >= CURL_HTTP_VERSION_2_0
            job.stream.deliver(CurlStream.Head(status: head.status, headers: head.headers))
        }
    }

    func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        switch job.stream.deliver(bytes, canPause: !isHTTP2) {
        case .taken:
            phaseBegan = .now
            if phase != .streaming {
                phase = .streaming
                multi.loop.arm(self)
            }
            return bytes.count
        case .full:
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .tooMuchUnread:
            multi.loop.condemn(self, .bodyTooLarge(limit: job.stream.limits.unread))
            return bytes.count
        }
    }

    // MARK: Options

    private func configure(_ configuration: CurlTransport.Configuration) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        agent_easy_set_pointer(easy, CURLOPT_PRIVATE, context)
        agent_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        configureConnection(configuration)
        configureRequest(configuration)
        agent_easy_set_pointer(easy, CURLOPT_PREREQDATA, context)
        agent_easy_set_on_connected(easy) { context, peer, local, peerPort, localPort in
            let ends = [local, peer].map { $0.map { String(cString: $0) } ?? "" }
            let connection = ConnectionTable.Key(local: ends[0], localPort: localPort, peer: ends[1], peerPort: peerPort)
            return CurlTransfer.of(context)?.connected(over: connection) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
        agent_easy_set_pointer(easy, CURLOPT_HEADERDATA, context)
        agent_easy_set_on_bytes(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            line.withMemoryRebound(to: UInt8.self) { CurlTransfer.of(context)?.receiveHeader($0) }
            return line.count
        }
        agent_easy_set_pointer(easy, CURLOPT_WRITEDATA, context)
        agent_easy_set_on_bytes(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return body.withMemoryRebound(to: UInt8.self) { CurlTransfer.of(context)?.receiveBody($0) ?? 0 }
        }
    }

    private func configureConnection(_ configuration: CurlTransport.Configuration) {
        let version = !job.isTLS || !configuration.allowsHTTP2 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS
        agent_easy_set_text(easy, CURLOPT_URL, job.request.url)
        agent_easy_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        agent_easy_set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        agent_easy_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        agent_easy_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        agent_easy_set_long(easy, CURLOPT_HTTP_VERSION, version)
        // An empty proxy also keeps libcurl from looking into the environment.
        agent_easy_set_text(easy, CURLOPT_PROXY, configuration.proxy ?? "")
        agent_easy_set_text(easy, CURLOPT_NOPROXY, "")
        agent_easy_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        agent_easy_set_long(easy, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        agent_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        agent_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        agent_easy_set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        if let file = configuration.certificateAuthorityFile { agent_easy_set_text(easy, CURLOPT_CAINFO, file) }
        agent_easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        agent_easy_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        agent_easy_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        agent_easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, job.request.deadlines.connect.wholeMilliseconds)
        // Without it, ending a transfer waits for a name lookup that hangs, and with it every other transfer.
        agent_easy_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    }

    private func configureRequest(_ configuration: CurlTransport.Configuration) {
        let request = job.request
        if !body.isEmpty || request.method == "POST" {
            agent_easy_set_long(easy, CURLOPT_POST, 1)
            agent_easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            if body.isEmpty {
                agent_easy_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
            } else {
                agent_easy_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress)
            }
        } else if request.method == "HEAD" {
            agent_easy_set_long(easy, CURLOPT_NOBODY, 1)
        }
        agent_easy_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
        agent_easy_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
        // libcurl adds these two on its own; a field without a value takes it back.
        for name in ["Expect", "Content-Type"] where request.headers[name] == nil {
            fields = curl_slist_append(fields, name + ":")
        }
        for field in request.headers.fields {
            fields = curl_slist_append(fields, field.value.isEmpty ? field.name + ";" : "\(field.name): \(field.value)")
        }
        agent_easy_set_pointer(easy, CURLOPT_HTTPHEADER, fields)
    }
}
