import CCurl
import Glibc
import Synchronization

/// What other threads ask of the curl thread, in order.
final class CurlMailbox: Sendable {
    enum Command: Sendable {
        case start(CurlJob)
        case resume(UInt64)
        case cancel(UInt64)
        case shutDown
    }

    private struct State {
        var commands: [Command] = []
        var isClosed = false
        var lastID: UInt64 = 0
    }

    /// An eventfd that is readable while commands wait.
    let wakeUp: Int32
    private let state = Mutex(State())

    /// Throws `couldNotConnect` when the machine has no memory or file descriptors left.
    init() throws(TransportError) {
        let wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else { throw .couldNotConnect }
        self.wakeUp = wakeUp
    }

    deinit {
        close(wakeUp)
    }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID &+= 1
            return state.lastID
        }
    }

    /// False when the thread has ended or is about to and will not see the command.
    @discardableResult
    func post(_ command: Command) -> Bool {
        let (isPosted, isFirst) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            if case .shutDown = command { state.isClosed = true }
            return (true, state.commands.count == 1)
        }
        if isFirst { eventfd_write(wakeUp, 1) }
        return isPosted
    }

    /// Everything posted since the last time.
    func takeAll() -> [Command] {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
        return state.withLock { exchange(&$0.commands, with: []) }
    }
}
