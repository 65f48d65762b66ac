import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import NIOCore
import Synchronization

extension HTTPServerBuilder {
    /// HTTP/1.1, or with a certificate HTTP/2 and HTTP/1.1 over TLS.
    static func gateway(_ limits: ConnectionLimits, _ configuration: GatewayConfiguration, _ certificate: ServerCertificate?) -> HTTPServerBuilder {
        let isSecure = configuration.publicURL.isSecure
        let count = ConnectionCount(limits, proxies: configuration.proxies)
        let requests = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestGuard(limits, isSecure: isSecure)], idleTimeout: TimeAmount(limits.idle))
        return HTTPServerBuilder { responder in
            guard let certificate else {
                let channel = HTTP1Channel(responder: responder, configuration: requests)
                return GuardedChannel(limits: limits, count: count) { channel }
            }
            let http2 = HTTP2ChannelConfiguration(idleTimeout: limits.idle, gracefulCloseTimeout: limits.headers, streamConfiguration: requests)
            let current = CurrentChannel(
                try HTTP2UpgradeChannel(tlsConfiguration: certificate.configuration, configuration: http2, responder: responder))
            certificate.whenReloaded { configuration in
                current.replace(with: try HTTP2UpgradeChannel(tlsConfiguration: configuration, configuration: http2, responder: responder))
            }
            return GuardedChannel(limits: limits, count: count) { current.channel }
        }
    }
}

/// What connections are made of until another certificate is read.
private final class CurrentChannel: Sendable {
    private let value: Mutex<HTTP2UpgradeChannel>

    init(_ channel: HTTP2UpgradeChannel) {
        value = Mutex(channel)
    }

    var channel: HTTP2UpgradeChannel { value.withLock { $0 } }

    func replace(with channel: HTTP2UpgradeChannel) {
        value.withLock { $0 = channel }
    }
}
