import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Gateway

@Suite struct AcceptedConnectionTests {
    @Test func r114_aConnectionThatNobodyComesToServeIsClosedAndEndsNothing() async throws {
        let (limits, channel) = (ConnectionLimits(), NIOAsyncTestingChannel())
        let guarded = GuardedChannel(limits: limits, count: ConnectionCount(limits, proxies: try TrustedProxies([]))) {
            HTTP1Channel { _, _, _ in }
        }
        try await channel.testingEventLoop.executeInContext { _ = guarded.setup(channel: channel, logger: Logger(label: "test")) }
        try await channel.closeFuture.get()
        #expect(!channel.isActive)
    }
}
