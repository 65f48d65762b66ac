import AgentRuntime
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CurlTransportFlowTests {
    private let transport = CurlTransport()
    private static let size = 64 * 1_048_576

    /// Returns when the transport's own thread has seen `duration` go by.
    private func letPass(_ duration: Duration) async throws {
        let server = try LoopbackServer.silent()
        defer { server.stop() }
        let request = TransportRequest(url: server.url(), deadlines: TransportDeadlines(firstByte: duration))
        await #expect(throws: TransportError.firstByteTimedOut) { try await transport.send(request) }
    }

    @Test func aServerIsStoppedWhileNobodyReadsAndNothingIsLost() async throws {
        let taken = Signal<Int>()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            let first = connection.flood(Self.size, patience: 300)
            taken.send(first)
            _ = connection.flood(Self.size - first, patience: 300_000)
        }
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        #expect(await taken.value() < 16 * 1_048_576)
        #expect(try await response.body.collect(upTo: Self.size).count == Self.size)
    }

    @Test func theDeadlineBetweenBytesStandsStillWhileNobodyReads() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            _ = connection.flood(Self.size, patience: 300_000)
        }
        defer { server.stop() }
        let deadlines = TransportDeadlines(betweenBytes: .milliseconds(400))
        let response = try await transport.send(TransportRequest(url: server.url(), deadlines: deadlines))
        try await letPass(.milliseconds(1_000))
        #expect(try await response.body.collect(upTo: Self.size).count == Self.size)
    }

    @Test func theDeadlineBetweenBytesGoesOnAfterAPause() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            _ = connection.flood(Self.size / 2, patience: 300_000)
            connection.waitForEnd()
        }
        defer { server.stop() }
        let deadlines = TransportDeadlines(betweenBytes: .milliseconds(200))
        let response = try await transport.send(TransportRequest(url: server.url(), deadlines: deadlines))
        try await letPass(.milliseconds(400))
        await #expect(throws: TransportError.betweenBytesTimedOut) { try await response.body.collect(upTo: Self.size) }
    }

    @Test func theTotalDeadlineHoldsWhileNobodyReads() async throws {
        let hasEnded = Signal<Void>()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            _ = connection.flood(Self.size, patience: 300_000)
            hasEnded.send()
        }
        defer { server.stop() }
        let deadlines = TransportDeadlines(total: .seconds(2))
        let response = try await transport.send(TransportRequest(url: server.url(), deadlines: deadlines))
        await hasEnded.value()
        await #expect(throws: TransportError.totalTimedOut) { try await response.body.collect(upTo: Self.size) }
    }

    @Test func onePausedTransferStopsNoOther() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n")
            _ = connection.flood(Self.size, patience: 300_000)
        }
        defer { server.stop() }
        let paused = try await transport.send(TransportRequest(url: server.url()))
        let other = try await transport.send(TransportRequest(url: server.url()))
        #expect(try await other.body.collect(upTo: Self.size).count == Self.size)
        #expect(try await paused.body.collect(upTo: Self.size).count == Self.size)
    }

    // MARK: Giving up

    /// A server that sends a head and two bytes, and tells when the peer has gone.
    private func server(_ peerHasGone: Signal<Void>, isAsked: Signal<Void> = Signal(), answer: Bool = true) throws -> LoopbackServer {
        try LoopbackServer { connection in
            _ = connection.readRequest()
            isAsked.send()
            if answer { connection.write("HTTP/1.1 200 OK\r\n\r\nab") }
            connection.waitForEnd()
            peerHasGone.send()
        }
    }

    @Test func cancellingTheSenderClosesTheConnection() async throws {
        let (peerHasGone, isAsked) = (Signal<Void>(), Signal<Void>())
        let server = try server(peerHasGone, isAsked: isAsked, answer: false)
        defer { server.stop() }
        let sending = Task { try await transport.send(TransportRequest(url: server.url())) }
        await isAsked.value()
        sending.cancel()
        await #expect(throws: TransportError.cancelled) { try await sending.value }
        await peerHasGone.value()
    }

    @Test func r091_cancellingTheReaderClosesTheConnection() async throws {
        let (peerHasGone, hasRead) = (Signal<Void>(), Signal<Void>())
        let server = try server(peerHasGone)
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        let reading = Task {
            for try await _ in response.body { hasRead.send() }
        }
        await hasRead.value()
        reading.cancel()
        await #expect(throws: TransportError.cancelled) { try await reading.value }
        await peerHasGone.value()
    }

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
        let server = try LoopbackServer.silent()
        defer { server.stop() }
        let mayGoOn = Signal<Void>()
        let sending = Task {
            await mayGoOn.value()
            return try await transport.send(TransportRequest(url: server.url()))
        }
        sending.cancel()
        mayGoOn.send()
        await #expect(throws: TransportError.cancelled) { try await sending.value }
        try await letPass(.milliseconds(20))
        #expect(server.connectionCount == 0)
    }

    @Test func droppingTheIteratorClosesTheConnectionThoughTheResponseLives() async throws {
        let peerHasGone = Signal<Void>()
        let server = try server(peerHasGone)
        defer { server.stop() }
        let response = try await transport.send(TransportRequest(url: server.url()))
        for try await _ in response.body { break }
        await peerHasGone.value()
        #expect(response.status == 200)
    }

    @Test func droppingAnUnreadResponseClosesTheConnection() async throws {
        let peerHasGone = Signal<Void>()
        let server = try server(peerHasGone)
        defer { server.stop() }
        #expect(try await transport.send(TransportRequest(url: server.url())).status == 200)
        await peerHasGone.value()
    }

    @Test func aBodyOutlivesItsTransportAndThenTheThreadEnds() async throws {
        let mayGoOn = Signal<Void>()
        let peerHasGone = Signal<Void>()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            mayGoOn.wait()
            connection.write("cd")
            connection.waitForEnd()
            peerHasGone.send()
        }
        defer { server.stop() }
        var body = try await CurlTransport().send(TransportRequest(url: server.url())).body.makeAsyncIterator()
        #expect(try await body.next() == Array("ab".utf8))
        mayGoOn.send()
        #expect(try await body.next() == Array("cd".utf8))
        #expect(try await body.next() == nil)
        body = TransportBody([]).makeAsyncIterator()
        // The idle connection is closed by the thread's end.
        await peerHasGone.value()
        _ = body
    }

    @Test func shutdownEndsWhatRunsAndWhatComes() async throws {
        let peerHasGone = Signal<Void>()
        let server = try server(peerHasGone)
        defer { server.stop() }
        let transport = CurlTransport()
        let response = try await transport.send(TransportRequest(url: server.url()))
        await transport.shutdown()
        await peerHasGone.value()
        await #expect(throws: TransportError.shutDown) { try await response.body.collect(upTo: 2) }
        await #expect(throws: TransportError.shutDown) { try await transport.send(TransportRequest(url: server.url())) }
        await transport.shutdown()
    }

    @Test func transportsLeaveNeitherThreadsNorDescriptors() async throws {
        let server = try LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        defer { server.stop() }
        // Other tests run beside this one: a leak of even one a round is far above what they hold.
        let before = Self.descriptorCount()
        for _ in 1...2_000 {
            let transport = CurlTransport()
            await transport.shutdown()
        }
        #expect(Self.descriptorCount() < before + 1_900)
    }

    private static func descriptorCount() -> Int {
        (0..<20_000).count { fcntl(Int32($0), F_GETFD) >= 0 }
    }
}
