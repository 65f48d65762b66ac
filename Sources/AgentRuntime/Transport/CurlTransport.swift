import Synchronization

/// Talks to model servers through libcurl: HTTP/1.1 and HTTP/2, connections reused, every transfer on one dedicated thread.
///
/// Redirects are not followed, no cookies are kept, proxies in the environment are ignored, TLS is always verified.
/// Over HTTP/1.1 a reader that falls behind stops the server; over HTTP/2, where libcurl would stop every stream of the
/// connection with it, its transfer fails with `bodyTooLarge` instead.
public final class CurlTransport: Transport {
    private let configuration: Configuration
    private let startThread: @Sendable (Configuration) throws(TransportError) -> CurlThread
    private let state = Mutex(State.idle)

    private enum State {
        /// The thread begins with the first request, so that a program which ends without one does not end amid its start.
        case idle
        case running(CurlThread)
        case shutDown
    }

    public convenience init(configuration: Configuration = Configuration()) {
        self.init(configuration: configuration) { configuration throws(TransportError) in try CurlThread(configuration: configuration) }
    }

    init(configuration: Configuration, startThread: @escaping @Sendable (Configuration) throws(TransportError) -> CurlThread) {
        self.configuration = configuration
        self.startThread = startThread
    }

    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if Task.isCancelled { throw .cancelled }
        let thread = try thread()
        let stream = CurlStream(limits: configuration.limits)
        let id = try thread.start(request, into: stream)
        let cancel: @Sendable () -> Void = {
            if stream.finish(.cancelled) { thread.mailbox.post(.cancel(id)) }
        }
        let head = try await withTaskCancellationHandler(operation: { await stream.head() }, onCancel: cancel).get()
        let body = TransportBody(
            next: {
                await withTaskCancellationHandler(
                    operation: { await stream.next { thread.mailbox.post(.resume(id)) } },
                    onCancel: cancel
                )
            },
            cancel: cancel
        )
        return TransportResponse(status: head.status, headers: head.headers, body: body)
    }

    /// Ends every transfer with `shutDown` and returns when the thread has closed all its connections.
    public func shutdown() async {
        let thread: CurlThread? = state.withLock { state in
            if case .running(let thread) = state { return thread }
            state = .shutDown
            return nil
        }
        await thread?.shutdown()
    }

    /// A thread that cannot be started now is tried for again by the next request.
    private func thread() throws(TransportError) -> CurlThread {
        try state.withLock { state throws(TransportError) -> CurlThread in
            switch state {
            case .shutDown: throw .shutDown
            case .running(let thread): return thread
            case .idle:
                let thread = try startThread(configuration)
                state = .running(thread)
                return thread
            }
        }
    }
}
