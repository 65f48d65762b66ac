extension CurlTransport {
    /// What is the same for every request of one transport.
    public struct Configuration: Sendable {
        /// As libcurl spells it (`http://127.0.0.1:3128`), nil for none; the environment's proxies are never used.
        public var proxy: String?
        /// A PEM file that takes the place of the system's certificate authorities.
        public var certificateAuthorityFile: String?
        /// Whether HTTP/2 is offered over TLS.
        public var allowsHTTP2: Bool
        public var userAgent: String
        /// Bytes of one body that may wait for their reader before the server is made to stop, over HTTP/1.1.
        public var maxBufferedBytes: Int
        /// Bytes of one body that may wait for their reader before the transfer fails, over HTTP/2.
        public var maxUnreadBytes: Int
        /// Bytes that the header fields of one response may have together.
        public var maxHeaderBytes: Int

        public init(
            proxy: String? = nil,
            certificateAuthorityFile: String? = nil,
            allowsHTTP2: Bool = true,
            userAgent: String = "AgentRuntime",
            maxBufferedBytes: Int = 256 * 1_024,
            maxUnreadBytes: Int = 8 * 1_048_576,
            maxHeaderBytes: Int = 64 * 1_024
        ) {
            self.proxy = proxy
            self.certificateAuthorityFile = certificateAuthorityFile
            self.allowsHTTP2 = allowsHTTP2
            self.userAgent = userAgent
            self.maxBufferedBytes = maxBufferedBytes
            self.maxUnreadBytes = maxUnreadBytes
            self.maxHeaderBytes = maxHeaderBytes
        }

        var limits: CurlStream.Limits {
            CurlStream.Limits(buffered: maxBufferedBytes, unread: maxUnreadBytes)
        }
    }
}

extension CurlTransport.Configuration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the proxy's address, which may hold a password.
    public var description: String { "CurlTransport.Configuration(userAgent: \(userAgent), proxy: \(proxy == nil ? "none" : "set"))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["userAgent": userAgent], displayStyle: .struct) }
}
