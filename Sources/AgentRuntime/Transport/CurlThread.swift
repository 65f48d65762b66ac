import CCurl
import Glibc
import Synchronization

/// The one thread of a transport: lives while the transport or a body of it does, and then ends by itself.
final class CurlThread: Sendable {
    let configuration: CurlTransport.Configuration
    let mailbox: CurlMailbox
    private let ending = Ending()

    /// Throws `couldNotConnect` when the machine has no memory, threads or file descriptors left.
    init(configuration: CurlTransport.Configuration) throws(TransportError) {
        self.configuration = configuration
        mailbox = try CurlMailbox()
        let epoll = try CurlLoop.open(watching: mailbox)
        let start = Unmanaged.passRetained(Start(configuration: configuration, mailbox: mailbox, epoll: epoll, ending: ending))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            start.toOpaque()
        )
        guard code == 0 else {
            start.release()
            close(epoll)
            throw .couldNotConnect
        }
        pthread_detach(thread)
    }

    deinit {
        mailbox.post(.shutDown)
    }

    /// Hands a checked request to the thread and returns its number.
    func start(_ request: TransportRequest, into stream: CurlStream) throws(TransportError) -> UInt64 {
        let job = try CurlJob(id: mailbox.nextID(), request: request, stream: stream)
        guard mailbox.post(.start(job)) else { throw .shutDown }
        return job.id
    }

    func shutdown() async {
        mailbox.post(.shutDown)
        await ending.wait()
    }
}

extension CurlThread {
    private final class Start: Sendable {
        let configuration: CurlTransport.Configuration
        let mailbox: CurlMailbox
        let epoll: Int32
        let ending: Ending

        init(configuration: CurlTransport.Configuration, mailbox: CurlMailbox, epoll: Int32, ending: Ending) {
            self.configuration = configuration
            self.mailbox = mailbox
            self.epoll = epoll
            self.ending = ending
        }

        func run() {
            agent_name_thread("agent-curl")
            // Signals are for other threads, and a peer that has gone must not end the process with SIGPIPE.
            var signals = sigset_t()
            sigfillset(&signals)
            pthread_sigmask(SIG_SETMASK, &signals, nil)
            let loop = CurlLoop(configuration: configuration, mailbox: mailbox, epoll: epoll)
            loop.run()
            loop.close()
            ending.end()
        }
    }

    private final class Ending: Sendable {
        private let state = Mutex<(isEnded: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

        func wait() async {
            await withCheckedContinuation { continuation in
                let isEnded = state.withLock { state in
                    if !state.isEnded { state.waiters.append(continuation) }
                    return state.isEnded
                }
                if isEnded { continuation.resume() }
            }
        }

        func end() {
            let waiters = state.withLock { state in
                state.isEnded = true
                return exchange(&state.waiters, with: [])
            }
            for waiter in waiters { waiter.resume() }
        }
    }
}
