import FoundationEssentials

/// The address that people type, reduced to its origin.
public struct PublicURL: Sendable, Hashable {
    public let isSecure: Bool
    /// In lower case; an IPv6 address in its brackets.
    public let host: String
    public let port: Int

    /// Nil unless `text` is `http` or `https`, a host, perhaps a port, and no more than one slash after them.
    public init?(_ text: String) {
        let schemes = [("https://", true, 443), ("http://", false, 80)]
        guard let (scheme, isSecure, standardPort) = schemes.first(where: { text.lowercased().hasPrefix($0.0) }) else { return nil }
        var rest = text.dropFirst(scheme.count)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let authority = Authority(String(rest)) else { return nil }
        self.isSecure = isSecure
        host = authority.host
        port = authority.port ?? standardPort
    }

    public var isLoopback: Bool { LoopbackHost.isLoopback(host) }

    /// As browsers write it in `Origin`: without the scheme's own port.
    public var origin: String {
        let scheme = isSecure ? "https" : "http"
        return port == (isSecure ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }
}
