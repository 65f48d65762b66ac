import Glibc
import Synchronization

/// One accepted connection; its calls block the script's thread.
final class LoopbackConnection: Sendable {
    private let socket: Mutex<Int32>

    init(_ socket: Int32) {
        self.socket = Mutex(socket)
    }

    /// The next request with its body, nil when the peer has gone.
    func readRequest() -> String? {
        var bytes: [UInt8] = []
        while let byte = read(upTo: 1)?.first {
            bytes.append(byte)
            guard bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) else { continue }
            let head = String(decoding: bytes, as: UTF8.self)
            var missing = Self.contentLength(head)
            while missing > 0, let more = read(upTo: missing) {
                bytes += more
                missing -= more.count
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return nil
    }

    /// False when the peer has gone.
    @discardableResult
    func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Writes `count` bytes and returns how many were taken before the peer stopped taking any for `patience` milliseconds.
    func flood(_ count: Int, patience: Int32) -> Int {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        var taken = 0
        while taken < count {
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&request, 1, patience) > 0 else { return taken }
            let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            let sent = piece.withUnsafeBytes { send(descriptor, $0.baseAddress, min($0.count, count - taken), flags) }
            guard sent > 0 else { return taken }
            taken += sent
        }
        return taken
    }

    /// Waits `milliseconds` for the peer to go, or to send what nobody expects of it.
    func isPeerThere(after milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) == 0
    }

    /// Whatever the peer sends next, nil when it has gone.
    func readSome() -> [UInt8]? {
        read(upTo: 4_096)
    }

    /// Blocks until the peer closes or resets.
    func waitForEnd() {
        while read(upTo: 4_096) != nil {}
    }

    func close() {
        let descriptor = socket.withLock { exchange(&$0, with: -1) }
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Closes with RST instead of FIN.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func interrupt() {
        socket.withLock { descriptor in
            if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private var descriptor: Int32 {
        socket.withLock { $0 }
    }

    private func read(upTo count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: min(count, 65_536))
        let received = recv(descriptor, &bytes, bytes.count, 0)
        return received > 0 ? Array(bytes.prefix(received)) : nil
    }

    private static func contentLength(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            return Int(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) ?? 0
        }
        return 0
    }
}
