import AgentRuntime
import Synchronization
import Testing

@Suite struct TransportBodyTests {
    @Test func aReadyBodyGivesItsPiecesAndThenItsFailure() async throws {
        var body = TransportBody([[1], [2, 3]], failure: .betweenBytesTimedOut).makeAsyncIterator()
        #expect(try await body.next() == [1])
        #expect(try await body.next() == [2, 3])
        await #expect(throws: TransportError.betweenBytesTimedOut) { try await body.next() }
        #expect(try await TransportBody([]).collect(upTo: 0) == [])
    }

    @Test func aBodyIsReadOnce() async throws {
        let body = TransportBody([[1]])
        #expect(try await body.collect(upTo: 1) == [1])
        await #expect(throws: TransportError.bodyAlreadyRead) { try await body.collect(upTo: 1) }
    }

    @Test func collectingStopsAtItsLimit() async throws {
        #expect(try await TransportBody([[1], [2]]).collect(upTo: 2) == [1, 2])
        await #expect(throws: TransportError.bodyTooLarge(limit: 1)) { try await TransportBody([[1], [2]]).collect(upTo: 1) }
    }

    @Test func theLastReaderEndsTheTransfer() async throws {
        let ends = Counter()
        do {
            let body = TransportBody(next: { .success([1]) }, cancel: { ends.increment() })
            let copy = body
            for try await _ in copy { break }
            #expect(ends.value == 1)
            #expect(throws: Never.self) { _ = body }
        }
        #expect(ends.value == 1)
        do { _ = TransportBody(next: { .success(nil) }, cancel: { ends.increment() }) }
        #expect(ends.value == 2)
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func increment() { count.add(1, ordering: .relaxed) }
    }
}
