/// Why the gateway does not start as it was configured.
public enum GatewayConfigurationError: Error, Sendable, Hashable {
    case needsPublicURL(host: String)
    case notAnAddress(String)
    case notAPublicURL(String)
    case insecurePublicURL(String)
    case clearText(host: String)
    case notAnOrigin(String)
    case insecureOrigin(String)
    case notAProxy(String)
    case notRateLimits(String)
    case unlimited
}

extension GatewayConfigurationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .needsPublicURL(let host):
            "\(host) can be reached from other machines, so the gateway needs --public-url https://... (or listen on 127.0.0.1)."
        case .notAnAddress(let text): "\(text) is not an address to listen on."
        case .notAPublicURL(let text): "The public URL \(text) must be https://HOST or http://localhost:PORT, without a path."
        case .insecurePublicURL(let text): "The public URL \(text) must begin with https://: cookies would travel in the clear."
        case .clearText(let host):
            """
            \(host) can be reached from other machines, and passwords would travel in the clear: the gateway needs --tls-certificate and --tls-key, \
            or --trusted-proxies with the address of the proxy that ends TLS.
            """
        case .notAnOrigin(let text):
            "The allowed origin \(text) must be written as browsers write it, such as https://app.example.com; * and null are never allowed."
        case .notRateLimits(let sentence): "The rate limits cannot be read. \(sentence)"
        case .unlimited: "AGENT_RATE_LIMITS=off is for measuring: only a gateway that nobody but this machine reaches can be without limits."
        case .notAProxy(let text): "The trusted proxy \(text) must be an address such as 10.0.0.7, or a network such as 10.0.0.0/8."
        case .insecureOrigin(let text): "The allowed origin \(text) must begin with https://, unless it is on this machine."
        }
    }
}
