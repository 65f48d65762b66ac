import Synchronization
import Testing

@testable import AgentRuntime

@Suite(.timeLimit(.minutes(5)))
struct CurlTransportFaultTests {
    private let transport = CurlTransport()

    private static let counted = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nhello, world"
    private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"

    /// What a request to `url` ended with, and the bytes that came before.
    private func outcome(_ url: String, deadlines: TransportDeadlines = TransportDeadlines()) async -> (body: String, error: TransportError?) {
        var bytes: [UInt8] = []
        do throws(TransportError) {
            for try await piece in try await transport.send(TransportRequest(url: url, deadlines: deadlines)).body { bytes += piece }
            return (String(decoding: bytes, as: UTF8.self), nil)
        } catch {
            return (String(decoding: bytes, as: UTF8.self), error)
        }
    }

    /// Of the last chunk's empty line the LF tells nothing any more.
    @Test(arguments: [(counted, 0), (chunked, 1)])
    func r104_aResponseCutAtAnyByteIsNeverAWholeOne(response: String, needless: Int) async throws {
        let bytes = Array(response.utf8)
        let server = try LoopbackServer { connection in
            let path = connection.readRequest()?.split(separator: " ").dropFirst().first ?? "/"
            connection.write(Array(bytes.prefix(Int(path.dropFirst()) ?? 0)))
        }
        defer { server.stop() }
        for length in 0..<(bytes.count - needless) {
            let (body, error) = await outcome(server.url("/\(length)"))
            guard case .connectionLost? = error else { throw Unexpected("cut after \(length): \(String(describing: error))") }
            #expect("hello, world".hasPrefix(body))
        }
        let whole = await outcome(server.url("/\(bytes.count)"))
        #expect(whole.error == nil)
        #expect(whole.body == "hello, world")
    }

    @Test func r104_aBodyWithoutAFrameEndsWithItsConnection() async throws {
        let server = try LoopbackServer.answering("HTTP/1.1 200 OK\r\n\r\nhello")
        defer { server.stop() }
        let (body, error) = await outcome(server.url())
        #expect(error == nil)
        #expect(body == "hello")
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "HTTP/1.1 200 OK\r\n\r\n"])
    func r104_aResetIsALostConnection(sent: String) async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write(sent)
            connection.reset()
        }
        defer { server.stop() }
        guard case .connectionLost? = await outcome(server.url()).error else { throw Unexpected("no connectionLost") }
    }

    /// R-112: as when the machine has no file descriptors or threads left.
    @Test func r112_aThreadThatCouldNotStartIsStartedByTheNextRequest() async throws {
        let server = try LoopbackServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        defer { server.stop() }
        let isScarce = Mutex(true)
        let transport = CurlTransport(configuration: .init()) { configuration throws(TransportError) in
            if isScarce.withLock({ $0 }) { throw .couldNotConnect }
            return try CurlThread(configuration: configuration)
        }
        await #expect(throws: TransportError.couldNotConnect) { _ = try await transport.send(TransportRequest(url: server.url())) }
        isScarce.withLock { $0 = false }
        #expect(try await transport.send(TransportRequest(url: server.url())).status == 200)
        await transport.shutdown()
        await #expect(throws: TransportError.shutDown) { _ = try await transport.send(TransportRequest(url: server.url())) }
    }

    @Test func r102_aPortNobodyListensOnCannotBeConnectedTo() async throws {
        let port = try HeldPort()
        _ = await outcome(port.url)
        #expect(await outcome(port.url).error == .couldNotConnect)
        withExtendedLifetime(port) {}
    }

    /// Those that waited for the first to find out fail like it, and at once.
    @Test func r102_ofAHundredTransfersNoneWaitsForAServerThatIsNotThere() async throws {
        let port = try HeldPort()
        let url = port.url
        _ = await outcome(url)
        await withTaskGroup(of: TransportError?.self) { group in
            for _ in 1...100 { group.addTask { await outcome(url, deadlines: TransportDeadlines(connect: .seconds(600))).error } }
            for await error in group { #expect(error == .couldNotConnect) }
        }
        withExtendedLifetime(port) {}
    }

    @Test func r102_aNameThatCannotExistIsNotResolved() async throws {
        let label = String(repeating: "a", count: 64)
        #expect(await outcome("http://\(label).invalid/").error == .couldNotResolve)
    }

    @Test(arguments: [
        "220 smtp.example ESMTP\r\n", "<html></html>", "HTTP/1.1 abc OK\r\n\r\n", "\0\0\0\0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
    ])
    func whatIsNotHTTPIsAnError(bytes: String) async throws {
        let server = try LoopbackServer.answering(bytes)
        defer { server.stop() }
        switch await outcome(server.url()).error {
        case .malformedResponse?, .connectionLost?: break
        case let error: throw Unexpected(error)
        }
    }

    @Test func r109_aFloodOfHeadersIsStopped() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-Flood: \(String(repeating: "x", count: 1_000))\r\n") {}
        }
        defer { server.stop() }
        #expect(await outcome(server.url()).error == .headersTooLarge(limit: 65_536))
    }

    @Test func r109_oneHeaderWithoutAnEndIsStopped() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nX-Flood: ")
            while connection.write(String(repeating: "x", count: 1_000)) {}
        }
        defer { server.stop() }
        let error = await outcome(server.url()).error
        #expect(error != nil)
    }

    @Test func r109_sixtyKilobytesOfHeadersAreNotTooMany() async throws {
        let field = "X-Long: \(String(repeating: "x", count: 1_000))\r\n"
        let server = try LoopbackServer.answering(
            "HTTP/1.1 200 OK\r\n" + String(repeating: field, count: 60) + "Content-Length: 0\r\n\r\n"
        )
        defer { server.stop() }
        #expect(await outcome(server.url()).error == nil)
    }

    // MARK: Deadlines

    @Test func r103_aServerThatNeverAnswersMeetsTheFirstByteDeadline() async throws {
        let server = try LoopbackServer.silent()
        defer { server.stop() }
        let deadlines = TransportDeadlines(connect: .seconds(600), firstByte: .milliseconds(50))
        #expect(await outcome(server.url(), deadlines: deadlines).error == .firstByteTimedOut)
    }

    @Test func r103_aHeadAloneIsNoFirstByte() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let deadlines = TransportDeadlines(firstByte: .milliseconds(2_000))
        let response = try await transport.send(TransportRequest(url: server.url(), deadlines: deadlines))
        await #expect(throws: TransportError.firstByteTimedOut) { try await response.body.collect(upTo: 0) }
    }

    @Test func r103_aServerThatFallsSilentMeetsTheDeadlineBetweenBytes() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let deadlines = TransportDeadlines(connect: .seconds(600), firstByte: .seconds(600), betweenBytes: .milliseconds(50))
        let (body, error) = await outcome(server.url(), deadlines: deadlines)
        #expect(error == .betweenBytesTimedOut)
        #expect(body == "ab")
    }

    @Test func r103_aSlowDripMeetsTheTotalDeadline() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\n")
            while connection.write("x") && connection.isPeerThere(after: 5) {}
        }
        defer { server.stop() }
        let clock = ContinuousClock()
        let began = clock.now
        let deadlines = TransportDeadlines(firstByte: .seconds(600), betweenBytes: .seconds(600), total: .milliseconds(150))
        #expect(await outcome(server.url(), deadlines: deadlines).error == .totalTimedOut)
        #expect(clock.now - began >= .milliseconds(150))
    }

    @Test func aDripWithinTheDeadlinesIsWholeAndEachByteCounts() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n")
            for _ in 1...40 where connection.isPeerThere(after: 20) { connection.write("x") }
        }
        defer { server.stop() }
        let (body, error) = await outcome(server.url(), deadlines: TransportDeadlines(betweenBytes: .seconds(2)))
        #expect(error == nil)
        #expect(body.count == 40)
    }

    @Test func r103_aHandshakeThatNeverEndsMeetsTheConnectDeadline() async throws {
        let server = try LoopbackServer { $0.waitForEnd() }
        defer { server.stop() }
        let deadlines = TransportDeadlines(connect: .milliseconds(50))
        #expect(await outcome(server.url(scheme: "https"), deadlines: deadlines).error == .connectTimedOut)
    }

    @Test func whileNothingIsKnownOfAServerOneTransferConnects() async throws {
        let isConnected = Signal<Void>()
        let server = try LoopbackServer { connection in
            isConnected.send()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let url = server.url(scheme: "https")
        let first = Task { await outcome(url, deadlines: TransportDeadlines(connect: .seconds(50))).error }
        await isConnected.value()
        await withTaskGroup(of: TransportError?.self) { group in
            for _ in 1...10 {
                group.addTask { await outcome(url, deadlines: TransportDeadlines(connect: .milliseconds(100))).error }
            }
            for await error in group { #expect(error == .connectTimedOut) }
        }
        #expect(server.connectionCount == 1)
        first.cancel()
        #expect(await first.value == .cancelled)
    }

    @Test func aPeerThatHangsUpDuringTheHandshakeIsNoMatterOfTrust() async throws {
        for end in [LoopbackConnection.close, LoopbackConnection.reset] {
            let server = try LoopbackServer { connection in
                _ = connection.readSome()
                end(connection)()
            }
            defer { server.stop() }
            #expect(await outcome(server.url(scheme: "https")).error == .couldNotConnect)
        }
    }

    @Test func r102_aPeerThatSpeaksNoTLSIsATLSError() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readSome()
            connection.write("HTTP/1.1 400 Bad Request\r\n\r\n")
        }
        defer { server.stop() }
        guard case .tls? = await outcome(server.url(scheme: "https")).error else { throw Unexpected("no tls") }
    }
}
