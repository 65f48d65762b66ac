import HummingbirdCore
import Logging
import NIOCore

/// Connections that are counted and watched, whatever is spoken on them.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    /// Bytes that the system keeps for a client that does not read; what it keeps by itself grows to megabytes.
    private static var sendBuffer: Int { 128 * 1_024 }

    let limits: ConnectionLimits
    let count: ConnectionCount
    /// What the next connection is made of.
    let base: @Sendable () -> Base

    /// Never fails, since that would end the server: https://github.com/apple/swift-nio/blob/main/Sources/NIOPosix/Bootstrap.swift
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection<Base>> {
        let address = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        let isAdmitted = count.admit(address)
        channel.closeFuture.whenComplete { [count] _ in count.leave(address) }
        try? channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: .init(Self.sendBuffer))
        try? channel.pipeline.syncOperations.addHandler(ConnectionGuard(limits), position: .first)
        let base = base()
        return base.setup(channel: channel, logger: logger).map { value in
            if !isAdmitted { channel.close(promise: nil) }
            return AcceptedConnection(value, of: channel, by: base, logger: logger)
        }
    }

    func handle(value: AcceptedConnection<Base>, logger: Logger) async {
        await value.serve()
    }
}
