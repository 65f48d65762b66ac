import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct ConnectionGuardTests {
    private let limits = ConnectionLimits(headers: .seconds(10), idle: .seconds(60), writeStall: .seconds(30))

    @Test func r066_aSilentConnectionIsClosedAfterTheIdleTime() throws {
        let connection = try Connection(limits)
        connection.advance(.seconds(59))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test func r066_aHeaderMustBeThereSomeTimeAfterItsFirstByteHoweverOftenMoreComes() throws {
        let connection = try Connection(limits)
        for _ in 0..<9 {
            try connection.receive("X")
            connection.advance(.seconds(1))
        }
        #expect(connection.isOpen)
        try connection.receive("X")
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test func r066_aRequestThatIsAnsweredMayTakeItsTime() throws {
        let connection = try Connection(limits)
        try connection.receive("GET")
        connection.watch.requestBegan(isStream: false)
        connection.advance(.hours(1))
        #expect(connection.isOpen)
    }

    @Test func r066_theNextHeaderOnAConnectionHasTheSameTime() throws {
        let connection = try Connection(limits)
        try connection.receive("GET")
        connection.watch.requestBegan(isStream: false)
        connection.watch.requestEnded()
        connection.advance(.seconds(30))
        try connection.receive("G")
        connection.advance(.seconds(10))
        #expect(!connection.isOpen)
    }

    @Test func bytesOfHTTP2BetweenRequestsAreNoHeaders() throws {
        let connection = try Connection(limits)
        try connection.receive("PRI")
        connection.watch.requestBegan(isStream: true)
        connection.watch.requestEnded()
        try connection.receive("PING")
        connection.advance(.seconds(30))
        #expect(connection.isOpen)
    }

    @Test func r068_aClientThatTakesNothingIsCutOff() throws {
        let connection = try Connection(limits)
        connection.watch.requestBegan(isStream: false)
        connection.send("data")
        connection.advance(.seconds(29))
        #expect(connection.isOpen)
        connection.advance(.seconds(1))
        #expect(!connection.isOpen)
    }

    @Test func r068_aSlowClientThatTakesSomethingIsNotCutOff() throws {
        let connection = try Connection(limits)
        connection.watch.requestBegan(isStream: false)
        for _ in 0..<6 {
            connection.send("data")
            connection.advance(.seconds(20))
            connection.flush()
        }
        #expect(connection.isOpen)
    }

    @Test func aConnectionThatAskedForNothingDoesNotHoldUpTheEnd() throws {
        let idle = try Connection(limits)
        idle.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!idle.isOpen)
        let busy = try Connection(limits)
        busy.watch.requestBegan(isStream: false)
        busy.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(busy.isOpen)
    }
}

/// A connection with its guard, on a clock of its own.
private struct Connection {
    let channel = EmbeddedChannel()
    let watch: ConnectionGuard

    init(_ limits: ConnectionLimits) throws {
        watch = ConnectionGuard(limits)
        try channel.pipeline.syncOperations.addHandler(watch)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    var isOpen: Bool { channel.isActive }

    func receive(_ text: String) throws {
        try channel.writeInbound(IOData.byteBuffer(ByteBuffer(string: text)))
    }

    /// Hands bytes to a socket that does not take them.
    func send(_ text: String) {
        channel.write(IOData.byteBuffer(ByteBuffer(string: text)), promise: nil)
    }

    /// The socket takes everything.
    func flush() {
        channel.flush()
    }

    func advance(_ time: TimeAmount) {
        channel.embeddedEventLoop.advanceTime(by: time)
    }
}
