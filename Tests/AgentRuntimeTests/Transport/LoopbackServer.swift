import Foundation
import Glibc
import Synchronization

/// A raw server on a free loopback port that treats each connection as its script says, byte by byte, on a thread of its own.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let state = Mutex<(accepted: [LoopbackConnection], isStopped: Bool)>(([], false))

    init(script: @escaping @Sendable (LoopbackConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        port = try Self.listen(on: listener)
        Thread.detachNewThread { [self] in acceptConnections(script: script) }
    }

    /// How many connections were opened so far.
    var connectionCount: Int {
        state.withLock { $0.accepted.count }
    }

    func url(_ path: String = "/", scheme: String = "http") -> String {
        "\(scheme)://127.0.0.1:\(port)\(path)"
    }

    /// Wakes every script that is still reading or writing, and ends.
    func stop() {
        let connections = state.withLock { state in
            state.isStopped = true
            return state.accepted
        }
        for connection in connections { connection.interrupt() }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func acceptConnections(script: @escaping @Sendable (LoopbackConnection) -> Void) {
        defer { close(listener) }
        while true {
            let socket = accept(listener, nil, nil)
            guard socket >= 0 else { return }
            let connection = LoopbackConnection(socket)
            let isStopped = state.withLock { state in
                state.accepted.append(connection)
                return state.isStopped
            }
            if isStopped { return connection.close() }
            Thread.detachNewThread {
                script(connection)
                connection.close()
            }
        }
    }

    private static func listen(on socket: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, length) | Glibc.listen(socket, 1_024) | getsockname(socket, pointer, &length)
            }
        }
        guard code == 0 else { throw POSIXError(POSIXError.Code(rawValue: errno) ?? .EIO) }
        return UInt16(bigEndian: address.sin_port)
    }
}
