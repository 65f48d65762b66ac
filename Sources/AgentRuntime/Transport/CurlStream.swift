import Synchronization

/// What the curl thread and the reader of one transfer share.
final class CurlStream: Sendable {
    struct Limits: Sendable {
        var buffered: Int
        var unread: Int
    }

    struct Head: Sendable {
        var status: Int
        var headers: TransportHeaders
    }

    enum Delivery {
        case taken
        /// Nothing was taken; the reader asks for the transfer to be resumed once it has emptied the buffer.
        case full
        case tooMuchUnread
    }

    private struct State {
        var head: Head?
        var headWaiter: CheckedContinuation<Result<Head, TransportError>, Never>?
        var unread: [UInt8] = []
        var reader: CheckedContinuation<Result<[UInt8]?, TransportError>, Never>?
        var isPaused = false
        var end: Result<[UInt8]?, TransportError>?
    }

    let limits: Limits
    private let state = Mutex(State())

    init(limits: Limits) {
        self.limits = limits
    }

    var isFinished: Bool {
        state.withLock { $0.end != nil }
    }

    // MARK: The reader's side

    func head() async -> Result<Head, TransportError> {
        await withCheckedContinuation { continuation in
            let ready: Result<Head, TransportError>? = state.withLock { state in
                if let head = state.head { return .success(head) }
                if case .failure(let error) = state.end { return .failure(error) }
                state.headWaiter = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// All that is buffered, else what arrives next, else how the transfer ended. A second reader at the same time is turned away.
    func next(resume: () -> Void) async -> Result<[UInt8]?, TransportError> {
        var mustResume = false
        let next = await withCheckedContinuation { continuation in
            let ready: Result<[UInt8]?, TransportError>? = state.withLock { state in
                if !state.unread.isEmpty {
                    mustResume = state.isPaused
                    state.isPaused = false
                    return .success(exchange(&state.unread, with: []))
                }
                if let end = state.end { return end }
                if state.reader != nil { return .failure(.bodyAlreadyRead) }
                state.reader = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
        if mustResume { resume() }
        return next
    }

    // MARK: The curl thread's side

    func deliver(_ head: Head) {
        let waiter = state.withLock { state in
            state.head = head
            return exchange(&state.headWaiter, with: nil)
        }
        waiter?.resume(returning: .success(head))
    }

    /// - Parameter canPause: whether a full buffer may stop this transfer without stopping others.
    func deliver(_ bytes: UnsafeBufferPointer<UInt8>, canPause: Bool) -> Delivery {
        var reader: CheckedContinuation<Result<[UInt8]?, TransportError>, Never>?
        let delivery = state.withLock { state -> Delivery in
            if state.end != nil { return .taken }
            reader = exchange(&state.reader, with: nil)
            if reader != nil { return .taken }
            if canPause, !state.unread.isEmpty, bytes.count > limits.buffered - state.unread.count {
                state.isPaused = true
                return .full
            }
            if !canPause, bytes.count > limits.unread - state.unread.count { return .tooMuchUnread }
            state.unread.append(contentsOf: bytes)
            return .taken
        }
        reader?.resume(returning: .success(Array(bytes)))
        return delivery
    }

    /// The first end stands; true when this was it. What was buffered before a failure can still be read, unless the reader itself gave up.
    @discardableResult
    func finish(_ error: TransportError?) -> Bool {
        let end: Result<[UInt8]?, TransportError> = error.map { .failure($0) } ?? .success(nil)
        let waiters = state.withLock { state -> (State, Bool) in
            guard state.end == nil else { return (State(), false) }
            let before = state
            state.end = end
            state.headWaiter = nil
            state.reader = nil
            if error == .cancelled { state.unread = [] }
            return (before, true)
        }
        waiters.0.headWaiter?.resume(returning: .failure(error ?? .malformedResponse("it has no header")))
        waiters.0.reader?.resume(returning: end)
        return waiters.1
    }
}
