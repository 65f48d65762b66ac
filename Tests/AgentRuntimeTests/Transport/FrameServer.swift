import DatabaseFixtures
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server over TLS on a free loopback port that speaks HTTP/2 and answers each request with the frames of its script, be they right or wrong.
///
/// Over HTTP/1.1 it answers `HTTP/1.1`, whatever the script says.
final class FrameServer: Sendable {
    /// Where a request came: over which connection, from 1, and as which of its streams, from 1 in steps of two, or over HTTP/1.1 as 0.
    struct Place: Sendable, Hashable {
        let connection: Int
        let stream: UInt32
    }

    typealias Script = @Sendable (Place) -> [HTTP2Frame]

    private let script: Script
    private let state = Mutex<(connections: [any Channel], requests: [Place])>(([], []))

    private init(_ script: @escaping Script) {
        self.script = script
    }

    /// Serves while `body` runs with the server and its address.
    static func serving(
        _ certificate: TestCertificate,
        _ script: @escaping Script,
        to body: (FrameServer, String) async throws -> Void
    ) async throws {
        let server = FrameServer(script)
        let chain = try NIOSSLCertificate.fromPEMFile(certificate.certificateFile).map(NIOSSLCertificateSource.certificate)
        let key = try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        tls.applicationProtocols = ["h2", "http/1.1"]
        // Clients that keep a connection for later say no goodbye.
        tls.shutdownTimeout = .milliseconds(1)
        let context = try NIOSSLContext(configuration: tls)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in server.begin(channel, context) }
            .bind(host: "127.0.0.1", port: 0).get()
        let result = await Result { try await body(server, "https://127.0.0.1:\(listener.localAddress?.port ?? 0)") }
        try await listener.close()
        await server.hangUp()
        try result.get()
    }

    /// How many connections were opened so far, whatever became of them.
    var connectionCount: Int { state.withLock { $0.connections.count } }

    /// What was asked so far.
    var requests: [Place] { state.withLock { $0.requests } }

    /// Sends a frame over every connection that is open.
    func send(_ frame: HTTP2Frame, on stream: UInt32) async throws {
        for connection in state.withLock({ $0.connections }) where connection.isActive {
            try await connection.writeAndFlush(ByteBuffer(bytes: frame.bytes(on: stream)))
        }
    }

    /// Closes every connection.
    func hangUp() async {
        for connection in state.withLock({ $0.connections }) { try? await connection.close() }
    }

    fileprivate func answer(_ place: Place) -> [HTTP2Frame] {
        state.withLock { $0.requests.append(place) }
        return script(place)
    }

    private func begin(_ channel: any Channel, _ tls: NIOSSLContext) -> EventLoopFuture<Void> {
        let number = state.withLock { state in
            state.connections.append(channel)
            return state.connections.count
        }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(NIOSSLServerHandler(context: tls), FrameHandler(self, connection: number))
        }
    }
}

/// One connection of a `FrameServer`. Confined to the event loop of its channel.
private final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let server: FrameServer
    private let connection: Int
    private var received = ByteBuffer()
    private var isBegun = false

    init(_ server: FrameServer, connection: Int) {
        self.server = server
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        if !isBegun, let start = received.readBytes(length: Self.preface.count) {
            guard start == Self.preface else { return answerInText(context) }
            isBegun = true
            write([.settings], on: 0, context)
        }
        while isBegun, let frame = nextFrame() { answer(frame, context) }
    }

    private func answerInText(_ context: ChannelHandlerContext) {
        _ = server.answer(FrameServer.Place(connection: connection, stream: 0))
        let answer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nHTTP/1.1")
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func nextFrame() -> (type: UInt8, flags: UInt8, stream: UInt32)? {
        guard let start = received.getBytes(at: received.readerIndex, length: 9) else { return nil }
        let length = start.prefix(3).reduce(0) { $0 << 8 | Int($1) }
        guard received.readSlice(length: 9 + length) != nil else { return nil }
        return (start[3], start[4], start.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// A request is there with the frame that ends its stream.
    private func answer(_ frame: (type: UInt8, flags: UInt8, stream: UInt32), _ context: ChannelHandlerContext) {
        switch frame.type {
        case 0 where frame.flags & 1 == 1, 1 where frame.flags & 1 == 1:
            write(server.answer(FrameServer.Place(connection: connection, stream: frame.stream)), on: frame.stream, context)
        case 4 where frame.flags & 1 == 0: write([.settingsAcknowledgement], on: 0, context)
        default: break
        }
    }

    private func write(_ frames: [HTTP2Frame], on stream: UInt32, _ context: ChannelHandlerContext) {
        for frame in frames { context.write(wrapOutboundOut(ByteBuffer(bytes: frame.bytes(on: stream))), promise: nil) }
        context.flush()
    }
}
