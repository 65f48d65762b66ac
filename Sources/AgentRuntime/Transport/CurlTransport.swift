/// Talks to model servers through libcurl: HTTP/1.1 and HTTP/2, connections reused, every transfer on one dedicated thread.
///
/// Redirects are not followed, no cookies are kept, proxies in the environment are ignored, TLS is always verified.
/// Over HTTP/1.1 a reader that falls behind stops the server; over HTTP/2, where libcurl would stop every stream of the
/// connection with it, its transfer fails with `bodyTooLarge` instead.
public final class CurlTransport: Transport {
    private let thread: CurlThread

    public init(configuration: Configuration = Configuration()) {
        thread = CurlThread(configuration: configuration)
    }

    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if Task.isCancelled { throw .cancelled }
        let stream = CurlStream(limits: thread.configuration.limits)
        let id = try thread.start(request, into: stream)
        let thread = thread
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
        await thread.shutdown()
    }
}
