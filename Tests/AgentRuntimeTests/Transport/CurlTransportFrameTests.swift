import AgentRuntime
import AgentTesting
import DatabaseFixtures
import Testing

/// What a server may do to a stream of HTTP/2, or to all of them, in the middle.
@Suite(.timeLimit(.minutes(5))) struct CurlTransportFrameTests {
    private let certificate: TestCertificate
    private let transport: CurlTransport

    init() throws {
        certificate = try TestCertificate()
        transport = CurlTransport(configuration: .init(certificateAuthorityFile: certificate.certificateFile))
    }

    private static let whole: [HTTP2Frame] = [.head, .data("whole", endsStream: true)]

    private func text(_ url: String) async throws -> String {
        String(decoding: try await transport.send(TransportRequest(url: url)).body.collect(upTo: 1_000), as: UTF8.self)
    }

    // MARK: RST_STREAM

    private static let beforeTheReset: [[HTTP2Frame]] = [[], [.head], [.head, .data("half", endsStream: false)]]

    /// But for three that have their own tests.
    private static let codes = HTTP2ErrorCode.allCases.filter { ![.refusedStream, .noError, .http11Required].contains($0) }

    @Test(arguments: beforeTheReset, codes)
    func r109_anAnswerCutByAResetIsALostConnectionAndNeverAWholeOne(before: [HTTP2Frame], code: HTTP2ErrorCode) async throws {
        try await FrameServer.serving(certificate) { place in
            place == FrameServer.Place(connection: 1, stream: 1) ? before + [.reset(code)] : Self.whole
        } to: { server, url async throws in
            let error = await #expect(throws: TransportError.self) { _ = try await text(url) }
            guard case .connectionLost? = error else { throw Unexpected(error) }
            #expect(server.requests.count == 1, "it is not for the transport to ask again")
            #expect(try await text(url) == "whole")
        }
    }

    /// The others of its connection go on.
    @Test func r109_aResetEndsItsOwnStreamAlone() async throws {
        try await FrameServer.serving(certificate) { place in
            switch place.stream {
            case 1: [.head, .data("first ", endsStream: false)]
            case 3: [.head, .reset(.internalError)]
            default: Self.whole
            }
        } to: { server, url async throws in
            var first = try await transport.send(TransportRequest(url: url)).body.makeAsyncIterator()
            #expect(try await first.next() == Array("first ".utf8))
            let error = await #expect(throws: TransportError.self) { _ = try await text(url) }
            guard case .connectionLost? = error else { throw Unexpected(error) }
            #expect(server.connectionCount == 1)
            try await server.send(.data("second", endsStream: true), on: 1)
            #expect(try await first.next() == Array("second".utf8))
            #expect(try await first.next() == nil)
        }
    }

    /// A server refuses a stream that it has not looked at, so that asking again cannot do anything twice.
    @Test func r109_aRefusedStreamIsAskedForAgainAndNotForEver() async throws {
        try await FrameServer.serving(certificate) {
            $0.connection == 1 ? [.reset(.refusedStream)] : Self.whole
        } to: { _, url async throws in
            #expect(try await text(url) == "whole")
        }
        try await FrameServer.serving(certificate) { _ in
            [.reset(.refusedStream)]
        } to: { server, url async throws in
            await #expect(throws: TransportError.self) { _ = try await text(url) }
            #expect((1...10).contains(server.requests.count))
        }
        try await FrameServer.serving(certificate) { _ in
            [.head, .data("half", endsStream: false), .reset(.refusedStream)]
        } to: { server, url async throws in
            await #expect(throws: TransportError.self) { _ = try await text(url) }
            #expect(server.requests.count == 1, "it was looked at after all")
        }
    }

    /// libcurl then asks again over HTTP/1.1, which must not become the rest of an answer that has begun.
    @Test(arguments: beforeTheReset) func r109_whoAsksForHTTP11GetsItUnlessTheAnswerHasBegun(before: [HTTP2Frame]) async throws {
        try await FrameServer.serving(certificate) { _ in
            before + [.reset(.http11Required)]
        } to: { server, url async throws in
            if before.isEmpty {
                #expect(try await text(url) == "HTTP/1.1")
            } else {
                let error = await #expect(throws: TransportError.self) { _ = try await text(url) }
                guard case .connectionLost? = error else { throw Unexpected(error) }
            }
            #expect(server.requests.filter { $0.stream != 0 }.count == 1)
        }
    }

    /// libcurl takes a reset without an error for an end. An answer says itself when it is whole, so that none of them counts as one.
    @Test(arguments: WireAPI.allCases, [HTTP2ErrorCode.noError, .internalError, .cancel, .refusedStream])
    func r104_r109_aStreamCutByAResetIsNoAnswer(api: WireAPI, code: HTTP2ErrorCode) async throws {
        let end = api == .chat ? #""finish_reason":"stop""# : #""type":"response.completed""#
        let enough = try #require(api.stream.firstRange(of: end)).lowerBound
        let events = try #require(api.stream[..<enough].ranges(of: "\n\n").last).upperBound
        for piece in [api.stream[..<events], api.stream[..<enough], api.stream.prefix(api.stream[..<events].count / 2)] {
            try await FrameServer.serving(certificate) { _ in
                [.head, .data(String(piece), endsStream: false), .reset(code)]
            } to: { _, url async throws in
                await #expect(throws: ModelError.self) { _ = try await api.model(transport, baseURL: url + "/v1").events(for: .hello) }
            }
        }
    }

    // MARK: GOAWAY

    /// What the first request is answered with: the last stream that the server goes on with is the request's own.
    private static let lastWords: [[HTTP2Frame]] = [
        whole + [.goAway(lastStream: 1, .noError)], [.goAway(lastStream: 1, .noError)] + whole,
        [.head, .goAway(lastStream: 1, .noError), .data("whole", endsStream: true)],
        [.goAway(lastStream: 0x7FFF_FFFF, .noError)] + whole, whole + [.goAway(lastStream: 1, .enhanceYourCalm)],
    ]

    @Test(arguments: lastWords)
    func r109_afterGOAWAYTheAnswerIsWholeAndTheNextRequestGoesOnANewConnection(frames: [HTTP2Frame]) async throws {
        try await FrameServer.serving(certificate) {
            $0.connection == 1 ? frames : Self.whole
        } to: { server, url async throws in
            for _ in 1...3 { #expect(try await text(url) == "whole") }
            #expect(server.requests.map(\.connection) == [1, 2, 2])
        }
    }

    @Test func r109_aConnectionThatWasToldToGoWhileNobodyUsedItIsLeft() async throws {
        try await FrameServer.serving(certificate) {
            $0.stream == 1 ? Self.whole : [.goAway(lastStream: 1, .noError)]
        } to: { server, url async throws in
            #expect(try await text(url) == "whole")
            try await server.send(.goAway(lastStream: 1, .noError), on: 0)
            #expect(try await text(url) == "whole")
            #expect(server.requests.last == FrameServer.Place(connection: 2, stream: 1))
        }
    }

    /// It names an earlier stream as the last that it looked at: this one was not.
    @Test func r109_aRequestThatGOAWAYLeftOutIsAskedForOnANewConnection() async throws {
        try await FrameServer.serving(certificate) { place in
            place == FrameServer.Place(connection: 1, stream: 3) ? [.goAway(lastStream: 1, .noError)] : Self.whole
        } to: { server, url async throws in
            #expect(try await text(url) == "whole")
            // libcurl 7.88 leaves it to whoever sent the request.
            do { _ = try await text(url) } catch let error as TransportError {
                #expect(error.isTransient)
                #expect(try await text(url) == "whole")
            }
            #expect(server.requests.map(\.connection) == [1, 1, 2])
        }
    }

    /// The connection ends before the answer does.
    @Test func r109_anAnswerCutByTheEndOfItsConnectionIsNoWholeOne() async throws {
        try await FrameServer.serving(certificate) { _ in
            [.goAway(lastStream: 1, .internalError), .head, .data("half", endsStream: false)]
        } to: { server, url async throws in
            let response = try await transport.send(TransportRequest(url: url))
            var body = response.body.makeAsyncIterator()
            #expect(try await body.next() == Array("half".utf8))
            await server.hangUp()
            let error = await #expect(throws: TransportError.self) { _ = try await body.next() }
            guard case .connectionLost? = error else { throw Unexpected(error) }
        }
    }
}
