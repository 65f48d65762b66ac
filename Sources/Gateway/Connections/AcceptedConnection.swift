import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// A connection from its acceptance on. One that nobody comes to serve, since the server ends, is closed.
///
/// NIO ends the process when what it made for a connection is let go of unserved: https://github.com/apple/swift-nio/issues/2637
final class AcceptedConnection<Base: ServerChildChannel>: ServerChildChannelValue {
    let channel: any Channel

    private let base: Base
    private let value: Base.Value
    private let logger: Logger
    private let isServed = Atomic(false)

    init(_ value: Base.Value, of channel: any Channel, by base: Base, logger: Logger) {
        self.value = value
        self.channel = channel
        self.base = base
        self.logger = logger
    }

    deinit {
        guard !isServed.load(ordering: .acquiring) else { return }
        channel.close(promise: nil)
        _ = channel.eventLoop.makeFutureWithTask { [base, value, logger] in await base.handle(value: value, logger: logger) }
    }

    func serve() async {
        isServed.store(true, ordering: .releasing)
        await base.handle(value: value, logger: logger)
    }
}
