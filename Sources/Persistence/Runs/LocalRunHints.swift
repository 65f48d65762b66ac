import Synchronization

/// Hints within this process.
public final class LocalRunHints: RunHints {
    private struct State {
        var readers: [String: [Int: AsyncStream<Void>.Continuation]] = [:]
        var nextReader = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func announce(_ run: String) {
        let readers = state.withLock { $0.readers[run].map { Array($0.values) } ?? [] }
        for reader in readers { reader.yield() }
    }

    /// For when hints may have been lost.
    func announceAll() {
        let readers = state.withLock { $0.readers.values.flatMap(\.values) }
        for reader in readers { reader.yield() }
    }

    public func hints(of run: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reader = state.withLock { state in
            state.nextReader &+= 1
            state.readers[run, default: [:]][state.nextReader] = continuation
            return state.nextReader
        }
        continuation.onTermination = { [weak self] _ in self?.remove(reader, of: run) }
        return stream
    }

    /// How many read.
    var readerCount: Int { state.withLock { $0.readers.values.reduce(0) { $0 + $1.count } } }

    private func remove(_ reader: Int, of run: String) {
        state.withLock { state in
            state.readers[run]?[reader] = nil
            if state.readers[run]?.isEmpty == true { state.readers[run] = nil }
        }
    }
}
