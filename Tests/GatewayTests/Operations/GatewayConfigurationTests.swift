import Testing

@testable import Gateway

@Suite struct GatewayConfigurationTests {
    @Test func loopbackNeedsNothing() throws {
        let configuration = try GatewayConfiguration(host: "127.0.0.1", port: 8_080)
        #expect(configuration.publicURL.origin == "http://127.0.0.1:8080")
        for name in ["127.0.0.1", "[::1]", "localhost"] {
            #expect(configuration.isServed("\(name):8080"))
            #expect(!configuration.isServed(name))
            #expect(configuration.isAllowed(origin: "http://\(name):8080"))
        }
        #expect(configuration.foreignOrigins.isEmpty)
        #expect(try GatewayConfiguration(host: "::1", port: 8_080).publicURL.origin == "http://[::1]:8080")
    }

    @Test func aPublicURLStandsForItself() throws {
        let configuration = try GatewayConfiguration(
            host: "0.0.0.0", port: 8_080, publicURL: "https://Agent.example.com/", allowedOrigins: ["https://app.example.com"],
            trustedProxies: ["10.0.0.7"])
        #expect(configuration.publicURL.origin == "https://agent.example.com")
        #expect(configuration.isServed("agent.example.com") && configuration.isServed("agent.example.com:443"))
        #expect(!configuration.isServed("localhost:8080"))
        #expect(configuration.isAllowed(origin: "https://agent.example.com") && configuration.isAllowed(origin: "https://app.example.com"))
        #expect(!configuration.isAllowed(origin: "http://localhost:8080"))
        #expect(configuration.cookies.accessName == "__Host-agent")
    }

    @Test(arguments: [
        ("0.0.0.0", nil), ("agent.example.com", nil), ("0.0.0.0", "http://agent.example.com"), ("127.0.0.1", "http://agent.example.com"),
        ("0.0.0.0", "http://localhost:8080"), ("127.0.0.1", "agent.example.com"), ("127.0.0.1", "https://agent.example.com/path"),
        ("127.0.0.1", "https://user:password@agent.example.com"), ("127.0.0.1", "https://agent.example.com?x"), ("127.0.0.1", "https://"),
        ("127.0.0.1", "https://agent.example.com:0"), ("127.0.0.1", "https://agent.example.com:65536"), ("127.0.0.1", ""),
        ("127.0.0.1.evil.example", nil),
    ])
    func r075_whatWouldNotBeSafeIsRefused(host: String, publicURL: String?) {
        #expect(throws: GatewayConfigurationError.self) { try GatewayConfiguration(host: host, port: 8_080, publicURL: publicURL) }
    }

    @Test func r075_whatOthersReachNeedsTLSOrAProxyThatIsNamed() throws {
        func configuration(_ host: String, proxies: [String] = [], servesTLS: Bool = false) throws -> GatewayConfiguration {
            try GatewayConfiguration(
                host: host, port: 8_080, publicURL: "https://agent.example.com", trustedProxies: proxies, servesTLS: servesTLS)
        }
        for host in ["0.0.0.0", "::", "192.0.2.1", "agent.example.com"] {
            #expect(throws: GatewayConfigurationError.clearText(host: host)) { try configuration(host) }
            _ = try configuration(host, proxies: ["10.0.0.7"])
            _ = try configuration(host, servesTLS: true)
        }
        _ = try configuration("127.0.0.1")
    }
}
