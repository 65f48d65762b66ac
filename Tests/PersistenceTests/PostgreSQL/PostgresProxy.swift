import Glibc
import Synchronization

/// Stands between the driver and the tests' server, to lose, hold back or refuse what goes through.
final class PostgresProxy: Sendable {
    enum Behaviour: Sendable {
        case forwards
        /// Closes the connection instead of sending the answer to the next COMMIT, which the server has made.
        case losesCommit
        /// As `losesCommit`, and takes no connection from then on.
        case losesCommitAndRefuses
        /// Takes connections and closes them.
        case refuses
        /// Lets nothing through.
        case holds
    }

    let port: Int
    private let listener: Int32
    private let server: String
    private let state = Mutex(Behaviour.forwards)

    /// - Parameter server: The path of the server's socket.
    init(to server: String) throws {
        self.server = server
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 16) | getsockname(descriptor, $0, &length)
            }
        }
        guard code == 0 else { throw Failure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        run { proxy in
            while true {
                let client = accept(proxy.listener, nil, nil)
                guard client >= 0 else { return }
                proxy.run { $0.serve(client) }
            }
        }
    }

    struct Failure: Error {}

    var behaviour: Behaviour {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @Sendable @escaping () -> Void) {
            self.body = body
        }
    }

    private func run(_ body: @Sendable @escaping (PostgresProxy) -> Void) {
        let work = Unmanaged.passRetained(Work { [self] in body(self) })
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        pthread_detach(thread)
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        guard behaviour != .refuses, let upstream = connected() else { return }
        defer { close(upstream) }
        var isLosing = false
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var descriptors = [pollfd(fd: client, events: Int16(POLLIN), revents: 0), pollfd(fd: upstream, events: Int16(POLLIN), revents: 0)]
            // Looks now and then whether it is to refuse.
            poll(&descriptors, 2, 20)
            if behaviour == .refuses, !isLosing { return }
            if behaviour == .holds { continue }
            for (from, to) in [(0, upstream), (1, client)] where descriptors[from].revents != 0 {
                let count = read(descriptors[from].fd, &buffer, buffer.count)
                guard count > 0 else { return }
                let bytes = buffer.prefix(count)
                if from == 0, losesAnswer(to: bytes) { isLosing = true }
                if from == 1, isLosing { return }
                guard write(to, Array(bytes), count) == count else { return }
            }
        }
    }

    private func losesAnswer(to bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.elementsEqual([UInt8(ascii: "Q"), 0, 0, 0, 11] + Array("COMMIT\0".utf8)) else { return false }
        return state.withLock { behaviour in
            switch behaviour {
            case .losesCommit: behaviour = .forwards
            case .losesCommitAndRefuses: behaviour = .refuses
            default: return false
            }
            return true
        }
    }

    private func connected() -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(server.utf8).prefix($0.count - 1)) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        if code == 0 { return descriptor }
        close(descriptor)
        return nil
    }
}
