import AgentRuntime
import DatabaseFixtures
import Hummingbird
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct CurlTransportHTTP2Tests {
    private let certificate: TestCertificate

    init() throws {
        certificate = try TestCertificate()
    }

    private func transport(allowsHTTP2: Bool = true) -> CurlTransport {
        CurlTransport(
            configuration: CurlTransport.Configuration(certificateAuthorityFile: certificate.certificateFile, allowsHTTP2: allowsHTTP2)
        )
    }

    /// Serves the routes over TLS, HTTP/2 if the client offers it, while `body` runs with the server's address.
    private func serving(
        _ router: Router<ConnectionContext>,
        _ body: (String) async throws -> Void
    ) async throws {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).map(NIOSSLCertificateSource.certificate)
        let key = try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem)
        let tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        let port = Signal<Int>()
        let application = Application(
            router: router,
            server: try .http2Upgrade(tlsConfiguration: tls),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.send($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            try await body("https://127.0.0.1:\(await port.value())")
            group.cancelAll()
        }
    }

    private func text(_ transport: CurlTransport, _ url: String) async throws -> String {
        String(decoding: try await transport.send(TransportRequest(url: url)).body.collect(upTo: 1_000), as: UTF8.self)
    }

    private static func router() -> Router<ConnectionContext> {
        let router = Router(context: ConnectionContext.self)
        router.get("/") { _, context in context.isStream ? "HTTP/2" : "HTTP/1.1" }
        return router
    }

    @Test func requestsAtTheSameTimeShareOneConnection() async throws {
        let count = 60
        let isEveryoneThere = Signal<Void>()
        let arrivals = Countdown(count) { isEveryoneThere.send() }
        let router = Router(context: ConnectionContext.self)
        router.get("/") { _, context in
            arrivals.tick()
            await isEveryoneThere.value()
            return "\(context.isStream) \(context.connection)"
        }
        let transport = transport()
        try await serving(router) { url in
            defer { isEveryoneThere.send() }
            let connections = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...count { group.addTask { try await text(transport, url) } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(connections.count == 1)
            #expect(connections.first?.hasPrefix("true ") == true)
        }
    }

    /// More than a connection has streams for.
    @Test func threeHundredStreamsAreOpenAtOnce() async throws {
        let count = 300
        let isEveryoneThere = Signal<Void>()
        let arrivals = Countdown(count) { isEveryoneThere.send() }
        let router = Router(context: ConnectionContext.self)
        router.get("/") { _, context in
            arrivals.tick()
            await isEveryoneThere.value()
            return "\(context.connection)"
        }
        let transport = transport()
        try await serving(router) { url in
            defer { isEveryoneThere.send() }
            let connections = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...count { group.addTask { try await text(transport, url) } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(connections.count < count / 2)
        }
    }

    @Test func theProtocolIsNegotiated() async throws {
        try await serving(Self.router()) { url async throws in
            #expect(try await text(transport(), url) == "HTTP/2")
            #expect(try await text(transport(allowsHTTP2: false), url) == "HTTP/1.1")
        }
    }

    @Test func aPieceIsReadableBeforeTheServerSendsTheNext() async throws {
        let firstIsRead = Signal<Void>()
        let router = Router(context: ConnectionContext.self)
        router.get("/") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "first"))
                    await firstIsRead.value()
                    try await writer.write(ByteBuffer(string: "second"))
                    try await writer.finish(nil)
                }
            )
        }
        try await serving(router) { url in
            var body = try await transport().send(TransportRequest(url: url)).body.makeAsyncIterator()
            #expect(try await body.next() == Array("first".utf8))
            firstIsRead.send()
            #expect(try await body.next() == Array("second".utf8))
            #expect(try await body.next() == nil)
        }
    }

    @Test func aRequestBodyArrivesWhole() async throws {
        let router = Router(context: ConnectionContext.self)
        router.post("/") { request, _ in
            let body = try await request.body.collect(upTo: 2_000_000)
            return "\(body.readableBytes) \(body.readableBytesView.reduce(into: 0) { $0 = $0 &* 31 &+ Int($1) })"
        }
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try await serving(router) { url in
            let response = try await transport().send(TransportRequest(url: url, method: "POST", body: bytes))
            let text = String(decoding: try await response.body.collect(upTo: 100), as: UTF8.self)
            #expect(text == "1000000 \(bytes.reduce(into: 0) { $0 = $0 &* 31 &+ Int($1) })")
        }
    }

    private static let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 50_000)

    /// `/flood/n` answers with n pieces of 50,000 bytes.
    private static func floodRouter() -> Router<ConnectionContext> {
        let router = router()
        router.get("/flood/:count") { _, context in
            let count = try context.parameters.require("count", as: Int.self)
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<count { try await writer.write(piece) }
                    try await writer.finish(nil)
                }
            )
        }
        return router
    }

    @Test func manyLargeBodiesOverOneConnectionArriveWhole() async throws {
        let transport = transport()
        try await serving(Self.floodRouter()) { url in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...20 {
                    group.addTask {
                        try await transport.send(TransportRequest(url: url + "/flood/40")).body.collect(upTo: 2_000_000).count
                    }
                }
                for try await count in group { #expect(count == 2_000_000) }
            }
        }
    }

    @Test func aReaderThatFallsTooFarBehindLosesItsStreamAndStopsNoOther() async throws {
        let transport = transport()
        try await serving(Self.floodRouter()) { url in
            let unread = try await transport.send(TransportRequest(url: url + "/flood/400"))
            let other = try await transport.send(TransportRequest(url: url + "/flood/160"))
            #expect(try await other.body.collect(upTo: 8_000_000).count == 8_000_000)
            let error = await #expect(throws: TransportError.self) { try await unread.body.collect(upTo: 20_000_000) }
            #expect(error == .bodyTooLarge(limit: 8 * 1_048_576))
            #expect(try await text(transport, url) == "HTTP/2")
        }
    }

    /// `/held` is not answered until `mayEnd`, and tells when its stream, or connection, has been closed.
    private static func holdingRouter(isAsked: Signal<Void>, isClosed: Signal<Void>, mayEnd: Signal<Void>) -> Router<ConnectionContext> {
        let router = router()
        router.get("/held") { _, context in
            context.channel.closeFuture.whenComplete { _ in isClosed.send() }
            isAsked.send()
            await mayEnd.value()
            return "held"
        }
        return router
    }

    @Test func cancellingTheOnlyStreamReachesTheServer() async throws {
        let (isAsked, isClosed, mayEnd) = (Signal<Void>(), Signal<Void>(), Signal<Void>())
        let transport = transport()
        try await serving(Self.holdingRouter(isAsked: isAsked, isClosed: isClosed, mayEnd: mayEnd)) { url in
            defer { mayEnd.send() }
            let asking = Task { try await text(transport, url + "/held") }
            await isAsked.value()
            asking.cancel()
            await #expect(throws: TransportError.cancelled) { try await asking.value }
            await isClosed.value()
        }
    }

    @Test func cancellingOneStreamReachesTheServerAndLeavesTheOthers() async throws {
        let (isAsked, isClosed, otherIsAsked, mayEnd) = (Signal<Void>(), Signal<Void>(), Signal<Void>(), Signal<Void>())
        let router = Self.holdingRouter(isAsked: isAsked, isClosed: isClosed, mayEnd: mayEnd)
        router.get("/other") { _, context in
            otherIsAsked.send()
            await mayEnd.value()
            return "\(context.connection)"
        }
        router.get("/after") { _, context in "\(context.connection)" }
        let transport = transport()
        try await serving(router) { url in
            defer { mayEnd.send() }
            let asking = Task { try await text(transport, url + "/held") }
            await isAsked.value()
            async let other = text(transport, url + "/other")
            await otherIsAsked.value()
            asking.cancel()
            await #expect(throws: TransportError.cancelled) { try await asking.value }
            await isClosed.value()
            mayEnd.send()
            let connection = try await other
            #expect(try await text(transport, url + "/after") == connection)
        }
    }

    /// A deadline is no less an end than a cancellation.
    @Test func aStreamThatMeetsItsDeadlineIsClosedAtTheServer() async throws {
        let (isClosed, mayEnd) = (Signal<Void>(), Signal<Void>())
        let router = Self.router()
        router.get("/begun") { _, context in
            context.channel.closeFuture.whenComplete { _ in isClosed.send() }
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "x"))
                    await mayEnd.value()
                    try await writer.finish(nil)
                }
            )
        }
        let transport = transport()
        try await serving(router) { url in
            defer { mayEnd.send() }
            let request = TransportRequest(url: url + "/begun", deadlines: TransportDeadlines(betweenBytes: .milliseconds(100)))
            let body = try await transport.send(request).body
            await #expect(throws: TransportError.betweenBytesTimedOut) { try await body.collect(upTo: 1) }
            await isClosed.value()
        }
    }

    @Test func r109_aBodyThatTheServerBreaksOffIsALostConnection() async throws {
        struct Broken: Error {}
        let router = Router(context: ConnectionContext.self)
        router.get("/") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "half"))
                    throw Broken()
                }
            )
        }
        try await serving(router) { url in
            for allowsHTTP2 in [true, false] {
                let error = await #expect(throws: TransportError.self) {
                    try await transport(allowsHTTP2: allowsHTTP2).send(TransportRequest(url: url)).body.collect(upTo: 10)
                }
                guard case .connectionLost? = error else { throw Unexpected(error) }
            }
        }
    }
}
