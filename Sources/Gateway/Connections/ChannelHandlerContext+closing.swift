import NIOCore

extension ChannelHandlerContext {
    /// Closes the connection, or the stream of HTTP/2, after `time` unless it is cancelled before.
    func close(in time: Duration) -> Scheduled<Void> {
        eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { self.close(promise: nil) }
    }
}
