/// Where the gateway is reached, and whom it therefore believes.
public struct GatewayConfiguration: Sendable {
    public let publicURL: PublicURL
    /// The origins that may send cookies: the page's own and those that were configured.
    public let origins: Set<String>
    /// Those of another page, which need CORS.
    public let foreignOrigins: Set<String>
    let proxies: TrustedProxies
    let hosts: Set<Authority>
    let cookies: SessionCookies

    /// - Parameter host: The address that is listened on.
    /// - Parameter publicURL: Where people reach the gateway; without it, the address that is listened on.
    /// - Parameter allowedOrigins: Origins of other pages that may use the API with cookies, such as `https://app.example.com`.
    /// - Parameter trustedProxies: Addresses and networks of the proxies in front.
    /// - Parameter servesTLS: Whether the gateway itself ends TLS.
    public init(
        host: String,
        port: Int,
        publicURL: String? = nil,
        allowedOrigins: [String] = [],
        trustedProxies: [String] = [],
        servesTLS: Bool = false
    ) throws(GatewayConfigurationError) {
        proxies = try TrustedProxies(trustedProxies)
        let url = try Self.url(host: host, port: port, publicURL: publicURL, servesTLS: servesTLS)
        // Something has to end TLS: the gateway, a proxy that is named, or one on this machine, from which alone it is reached then.
        guard servesTLS || !trustedProxies.isEmpty || LoopbackHost.isLoopback(host) else { throw .clearText(host: host) }
        let foreign = try Self.foreign(allowedOrigins)
        let names = url.isLoopback ? LoopbackHost.names : []
        let own = names.compactMap { PublicURL("\(url.isSecure ? "https" : "http")://\($0):\(url.port)")?.origin }
        self.publicURL = url
        hosts = Set(([url.host] + names).compactMap { Authority("\($0):\(url.port)") })
        origins = foreign.union(own).union([url.origin])
        foreignOrigins = foreign
        cookies = SessionCookies(isSecure: url.isSecure)
    }

    /// Whether a request was meant for this server; the scheme's own port may be left out.
    func isServed(_ authority: String?) -> Bool {
        guard let authority = authority.flatMap({ Authority($0) }) else { return false }
        let port = authority.port ?? (publicURL.isSecure ? 443 : 80)
        return hosts.contains { $0.host.utf8.elementsEqual(authority.host.utf8) && $0.port == port }
    }

    /// Byte by byte, as browsers write it.
    func isAllowed(origin: String) -> Bool {
        origins.contains { $0.utf8.elementsEqual(origin.utf8) }
    }

    private static func url(host: String, port: Int, publicURL: String?, servesTLS: Bool) throws(GatewayConfigurationError) -> PublicURL {
        let isLoopback = LoopbackHost.isLoopback(host)
        guard let publicURL else {
            guard isLoopback else { throw .needsPublicURL(host: host) }
            let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            guard let url = PublicURL("\(servesTLS ? "https" : "http")://\(name):\(port)") else { throw .notAnAddress("\(host):\(port)") }
            return url
        }
        guard let url = PublicURL(publicURL) else { throw .notAPublicURL(publicURL) }
        guard url.isSecure || (url.isLoopback && isLoopback && !servesTLS) else { throw .insecurePublicURL(publicURL) }
        return url
    }

    private static func foreign(_ texts: [String]) throws(GatewayConfigurationError) -> Set<String> {
        var origins: Set<String> = []
        for text in texts {
            guard let url = PublicURL(text), url.origin.utf8.elementsEqual(text.utf8) else { throw .notAnOrigin(text) }
            guard url.isSecure || url.isLoopback else { throw .insecureOrigin(text) }
            origins.insert(text)
        }
        return origins
    }
}
