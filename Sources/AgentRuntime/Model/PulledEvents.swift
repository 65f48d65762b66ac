/// The events of a model that passes on those of others: nothing is asked before the first one is pulled.
struct PulledEvents<Iterator: AsyncIteratorProtocol<ModelEvent, any Error>>: AsyncSequence, Sendable {
    typealias Element = ModelEvent
    typealias Failure = any Error

    private let makeIterator: @Sendable () -> Iterator

    init(_ makeIterator: @escaping @Sendable () -> Iterator) {
        self.makeIterator = makeIterator
    }

    func makeAsyncIterator() -> Iterator {
        makeIterator()
    }
}
