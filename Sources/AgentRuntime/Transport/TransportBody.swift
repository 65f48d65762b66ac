import Synchronization

/// The body of a response, in pieces of any size as they arrive, for one reader.
///
/// Dropping the iterator, dropping a body that nobody began to read, or cancelling the reading task ends the transfer.
public struct TransportBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = TransportError

    private let reading: Reading

    /// - Parameters:
    ///   - next: the next piece, nil at the end; called by one reader at a time.
    ///   - cancel: called once when nobody will read on, also after the end.
    public init(
        next: @escaping @Sendable () async -> Result<[UInt8]?, TransportError>,
        cancel: @escaping @Sendable () -> Void
    ) {
        reading = Reading(next: next, cancel: cancel)
    }

    /// A body that is there already, ending with `failure` if there is one.
    public init(_ chunks: [[UInt8]], failure: TransportError? = nil) {
        let position = Position()
        self.init(
            next: {
                let index = position.advance()
                if index < chunks.count { return .success(chunks[index]) }
                return failure.map { .failure($0) } ?? .success(nil)
            },
            cancel: {}
        )
    }

    /// Iterates once: a second iterator throws `bodyAlreadyRead`.
    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: reading.begin() ? Reader(reading) : nil)
    }

    /// The whole body, or `bodyTooLarge` as soon as it is longer than `limit` bytes.
    public func collect(upTo limit: Int) async throws(TransportError) -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self {
            guard chunk.count <= limit - bytes.count else { throw .bodyTooLarge(limit: limit) }
            bytes += chunk
        }
        return bytes
    }

    /// Reads piece by piece.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        fileprivate let reader: Reader?

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(TransportError) -> [UInt8]? {
            guard let reader else { throw .bodyAlreadyRead }
            return try await reader.reading.next().get()
        }

        public mutating func next() async throws(TransportError) -> [UInt8]? {
            try await next(isolation: nil)
        }
    }
}

extension TransportBody {
    /// Shared by the copies of one body; ends the transfer with the last of them unless a reader took over.
    fileprivate final class Reading: Sendable {
        let next: @Sendable () async -> Result<[UInt8]?, TransportError>
        let cancel: @Sendable () -> Void
        private let isBegun = Atomic(false)

        init(next: @escaping @Sendable () async -> Result<[UInt8]?, TransportError>, cancel: @escaping @Sendable () -> Void) {
            self.next = next
            self.cancel = cancel
        }

        deinit {
            if !isBegun.load(ordering: .acquiring) { cancel() }
        }

        func begin() -> Bool {
            isBegun.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
        }
    }

    /// Shared by the copies of the one iterator; ends the transfer with the last of them.
    fileprivate final class Reader: Sendable {
        let reading: Reading

        init(_ reading: Reading) {
            self.reading = reading
        }

        deinit {
            reading.cancel()
        }
    }

    private final class Position: Sendable {
        private let index = Atomic(0)

        func advance() -> Int {
            index.wrappingAdd(1, ordering: .relaxed).oldValue
        }
    }
}
