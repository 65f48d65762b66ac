import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Gives each request a time in which it must have come, and ends the connection behind an answer that did not wait for the request's end.
///
/// Part of every HTTP/1.1 connection, and of every stream of HTTP/2.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is read, and thrown away, of a body that was answered before its end.
    static let lingeringBytes = 64 * 1_024

    private let limits: ConnectionLimits
    private let isSecure: Bool
    private var connection: ConnectionGuard?
    private var isStream = false
    private var begun = 0
    private var received = 0
    private var answered = 0
    private var deadline: Scheduled<Void>?
    /// How much more is thrown away; nil while requests are passed on.
    private var lingering: Int?
    private var unwritten = 0
    private var stall: Scheduled<Void>?

    init(_ limits: ConnectionLimits, isSecure: Bool) {
        self.limits = limits
        self.isSecure = isSecure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = try? context.pipeline.syncOperations.handler(type: ConnectionGuard.self)
        guard connection == nil, let parent = context.channel.parent, parent.eventLoop.inEventLoop else { return }
        connection = try? parent.pipeline.syncOperations.handler(type: ConnectionGuard.self)
        isStream = connection != nil
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        stall?.cancel()
        if isStream { for _ in answered..<max(begun, answered) { connection?.requestEnded() } }
        connection = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let lingering {
            drop(unwrapInboundIn(data), lingering, context)
            return
        }
        switch unwrapInboundIn(data) {
        case .head(let head):
            begun += 1
            if mayGoOn(head) { context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil) }
            connection?.requestBegan(isStream: isStream)
            close(context, in: limits.body)
        case .body: break
        case .end:
            received += 1
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            head.headerFields.setSecurityDefaults(isSecure: isSecure)
            if isUnread, !isStream { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head: context.write(data, promise: promise)
        case .body: context.write(data, promise: watched(promise, context))
        case .end:
            context.write(data, promise: watched(promise, context))
            endAnswer(context)
        }
    }

    /// Whether the client waits for a word before it sends a body that would be read: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
    private func mayGoOn(_ head: HTTPRequest) -> Bool {
        guard !isStream, head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
        return head.headerFields[.contentLength].flatMap { Int($0) }.map { $0 <= BodyGate.Limit.message.bytes } ?? true
    }

    /// Whether the request that is being answered has not come to its end.
    private var isUnread: Bool { answered < begun && answered >= received }

    private func endAnswer(_ context: ChannelHandlerContext) {
        let wasUnread = isUnread
        if answered < begun {
            answered += 1
            connection?.requestEnded()
        }
        guard wasUnread else { return }
        context.flush()
        if isStream {
            context.close(promise: nil)
        } else {
            lingering = Self.lingeringBytes
            close(context, in: limits.linger)
        }
    }

    /// An answer is lost when the connection is closed while the client still sends: https://www.rfc-editor.org/rfc/rfc9112#section-9.6
    private func drop(_ part: HTTPRequestPart, _ left: Int, _ context: ChannelHandlerContext) {
        switch part {
        case .body(let bytes) where bytes.readableBytes < left: lingering = left - bytes.readableBytes
        case .head, .body, .end: context.close(promise: nil)
        }
    }

    private func close(_ context: ChannelHandlerContext, in time: Duration) {
        deadline?.cancel()
        deadline = context.close(in: time)
    }

    /// A stream whose client takes nothing does not show on the connection that it shares.
    private func watched(_ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
        guard isStream else { return promise }
        let promise = promise ?? context.eventLoop.makePromise()
        unwritten += 1
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.unwritten -= 1
            self.stall?.cancel()
            self.stall = self.unwritten > 0 ? context.close(in: self.limits.writeStall) : nil
        }
        stall = stall ?? context.close(in: limits.writeStall)
        return promise
    }
}
