import Synchronization

/// The streams that are being read, each in the name of a session or of an API token.
final class OpenStreams: Sendable {
    /// One of them, for its reader.
    struct Entry: Sendable {
        fileprivate let number: Int
        fileprivate let streams: OpenStreams

        /// Whether the session has ended, and the stream therefore has to.
        var hasEnded: Bool { streams.state.withLock { $0.entries[number] == nil } }

        func close() {
            streams.state.withLock { _ = $0.entries.removeValue(forKey: number) }
        }
    }

    private struct State {
        var entries: [Int: (session: String, wake: @Sendable () -> Void)] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// - Parameter wake: Called when the session has ended, so that a reader that waits looks again.
    func open(session: String, wake: @escaping @Sendable () -> Void) -> Entry {
        state.withLock { state in
            state.next &+= 1
            state.entries[state.next] = (session, wake)
            return Entry(number: state.next, streams: self)
        }
    }

    var count: Int { state.withLock { $0.entries.count } }

    /// The sessions in whose name something is read.
    var sessions: Set<String> { state.withLock { Set($0.entries.values.map(\.session)) } }

    /// Ends the streams of these sessions.
    func end(_ sessions: Set<String>) {
        let ended = state.withLock { state in
            let ended = state.entries.filter { sessions.contains($0.value.session) }
            for number in ended.keys { state.entries[number] = nil }
            return ended.values.map(\.wake)
        }
        for wake in ended { wake() }
    }
}
