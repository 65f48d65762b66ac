import HTTPTypes
import Hummingbird

/// Who may read `/metrics`: whoever has the token; without a token, whoever asks from this machine with no proxy in between.
struct MetricsAccess: Sendable {
    let token: Secret?
    let proxies: TrustedProxies

    func allows(_ headers: HTTPFields, from peer: IPAddress?) -> Bool {
        guard let token else { return isDirect(headers, from: peer) }
        guard let sent = try? headers.bearerToken(), sent.utf8.count <= 4_096 else { return false }
        // The digests are of one length, so that not even that of the token is told.
        return Sodium.areEqual(Sodium.sha256(Array(sent.utf8)), Sodium.sha256(token.bytes))
    }

    /// What a proxy on this machine passes on comes from this machine too: it says so, or it is one of those that were configured.
    private func isDirect(_ headers: HTTPFields, from peer: IPAddress?) -> Bool {
        guard let peer, peer.isLoopback, !proxies.contains(peer) else { return false }
        return !headers.contains(.forwardedFor) && !headers.contains(.forwarded)
    }
}
