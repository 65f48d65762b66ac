import NIOCore

/// Closes a connection that takes too long to say what it wants, or to take what it is sent: https://github.com/shekyan/slowhttptest
///
/// It sits next to the socket, where even half a header shows; `RequestGuard` tells it what has become of the bytes.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = IOData
    typealias OutboundIn = IOData

    /// How often a stalled client is looked at within the time it has.
    private static let looks = 3

    private let limits: ConnectionLimits
    private var requests = 0
    private var isReceiving = false
    /// Whether bytes may come at any time without being a request, as those of HTTP/2 do once it has begun.
    private var isMultiplexed = false
    private var deadline: Scheduled<Void>?
    private var written = 0
    private var taken = 0
    private var looksWithoutProgress = 0
    private var look: Scheduled<Void>?

    init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    func requestBegan(isStream: Bool) {
        requests += 1
        isMultiplexed = isStream
        isReceiving = false
        deadline?.cancel()
    }

    func requestEnded() {
        requests -= 1
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { close(context, in: limits.idle) }
    }

    func channelActive(context: ChannelHandlerContext) {
        close(context, in: limits.idle)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        look?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if requests == 0, !isReceiving, !isMultiplexed {
            isReceiving = true
            close(context, in: limits.headers)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written &+= unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        if look == nil { lookLater(context) }
    }

    /// A connection that has asked for nothing yet would hold up the end of the process.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if event is ChannelShouldQuiesceEvent, requests == 0, !isMultiplexed { context.close(promise: nil) }
    }

    private func close(_ context: ChannelHandlerContext, in time: Duration) {
        deadline?.cancel()
        deadline = context.close(in: time)
    }

    private func lookLater(_ context: ChannelHandlerContext) {
        look = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.writeStall / Self.looks)) { self.lookAtProgress(context) }
    }

    private func lookAtProgress(_ context: ChannelHandlerContext) {
        look = nil
        let waiting = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        let nowTaken = written &- waiting
        guard waiting > 0 else {
            (taken, looksWithoutProgress) = (nowTaken, 0)
            return
        }
        looksWithoutProgress = nowTaken == taken ? looksWithoutProgress + 1 : 0
        taken = nowTaken
        if looksWithoutProgress < Self.looks { lookLater(context) } else { context.close(promise: nil) }
    }
}
