import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Gateway

@Suite struct RequestGuardTests {
    private let limits = ConnectionLimits(body: .seconds(35), linger: .seconds(1))

    @Test func r066_aBodyMustComeToItsEnd() throws {
        let exchange = try Exchange(limits)
        try exchange.receive(.head(Exchange.post))
        for _ in 0..<34 {
            try exchange.receive(.body(ByteBuffer(string: "x")))
            exchange.advance(.seconds(1))
        }
        #expect(exchange.isOpen)
        exchange.advance(.seconds(1))
        #expect(!exchange.isOpen)
    }

    @Test func aWholeRequestMayBeAnsweredForAsLongAsItTakes() throws {
        let exchange = try Exchange(limits)
        try exchange.receive(.head(Exchange.post))
        try exchange.receive(.end(nil))
        exchange.advance(.hours(1))
        try exchange.answer(.ok)
        #expect(exchange.isOpen)
        #expect(try exchange.answerHead()?.headerFields[.connection] == nil)
    }

    @Test func r065_anAnswerBeforeTheEndOfABodyEndsTheConnection() throws {
        let exchange = try Exchange(limits)
        try exchange.receive(.head(Exchange.post))
        try exchange.answer(.contentTooLarge)
        #expect(try exchange.answerHead()?.headerFields[.connection] == "close")
        #expect(exchange.isOpen)
        exchange.advance(.seconds(1))
        #expect(!exchange.isOpen)
    }

    @Test func r065_onlySoMuchOfABodyIsReadBehindItsAnswer() throws {
        let exchange = try Exchange(limits)
        try exchange.receive(.head(Exchange.post))
        try exchange.answer(.contentTooLarge)
        let piece = ByteBuffer(repeating: 0x20, count: 16 * 1_024)
        for _ in 0..<3 { try exchange.receive(.body(piece)) }
        #expect(exchange.isOpen)
        #expect(try exchange.passedOn() == 1)
        try exchange.receive(.body(piece))
        #expect(!exchange.isOpen)
    }

    @Test func r062_aRequestBehindAnUnreadBodyIsNotCarriedOut() throws {
        let exchange = try Exchange(limits)
        try exchange.receive(.head(Exchange.post))
        try exchange.answer(.unsupportedMediaType)
        try exchange.receive(.end(nil))
        try? exchange.receive(.head(Exchange.post))
        #expect(try exchange.passedOn() == 1)
        #expect(!exchange.isOpen)
    }

    @Test(arguments: [("2", true), ("262144", true), ("262145", false)])
    func r065_aClientThatAsksFirstIsToldToGoOnUnlessTheBodyIsTooLarge(length: String, mayGoOn: Bool) throws {
        let exchange = try Exchange(limits)
        var head = Exchange.post
        head.headerFields[.expect] = "100-continue"
        head.headerFields[.contentLength] = length
        try exchange.receive(.head(head))
        #expect(try exchange.answerHead()?.status == (mayGoOn ? .continue : nil))
        try exchange.answer(.ok)
        #expect(try exchange.answerHead()?.status == .ok)
    }

    @Test func pipelinedRequestsAreAnsweredEachForItself() throws {
        let exchange = try Exchange(limits)
        for _ in 0..<3 {
            try exchange.receive(.head(Exchange.post))
            try exchange.receive(.end(nil))
        }
        try exchange.receive(.head(Exchange.post))
        for _ in 0..<3 {
            try exchange.answer(.ok)
            #expect(try exchange.answerHead()?.headerFields[.connection] == nil)
        }
        try exchange.answer(.badRequest)
        #expect(try exchange.answerHead()?.headerFields[.connection] == "close")
    }

    @Test func r071_anAnswerToWhatNobodyCouldReadHasTheSecurityHeaders() throws {
        let exchange = try Exchange(limits)
        try exchange.answer(.badRequest)
        let head = try #require(try exchange.answerHead())
        #expect(head.headerFields[.xContentTypeOptions] == "nosniff")
        #expect(head.headerFields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
        #expect(head.headerFields[.strictTransportSecurity]?.contains("max-age=31536000") == true)
    }
}

/// Requests and answers on one connection, on a clock of its own.
private struct Exchange {
    static let post = HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/")

    let channel = EmbeddedChannel()

    init(_ limits: ConnectionLimits) throws {
        try channel.pipeline.syncOperations.addHandler(RequestGuard(limits, isSecure: true))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    var isOpen: Bool { channel.isActive }

    func receive(_ part: HTTPRequestPart) throws {
        try channel.writeInbound(part)
    }

    func answer(_ status: HTTPResponse.Status) throws {
        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: status)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    /// Of the next answer that was sent.
    func answerHead() throws -> HTTPResponse? {
        while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
            if case .head(let head) = part { return head }
        }
        return nil
    }

    /// How many parts of requests came through.
    func passedOn() throws -> Int {
        var count = 0
        while try channel.readInbound(as: HTTPRequestPart.self) != nil { count += 1 }
        return count
    }

    func advance(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }
}
