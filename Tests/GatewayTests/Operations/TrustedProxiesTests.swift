import DatabaseFixtures
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Gateway

@Suite struct TrustedProxiesTests {
    /// from the right, up to the first that is no proxy of ours.
    @Test(arguments: [
        ("127.0.0.9", ["203.0.113.7"], "203.0.113.7"),
        ("127.0.0.9", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("127.0.0.9", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        ("127.0.0.9", ["198.51.100.1,203.0.113.7, 10.1.2.3"], "203.0.113.7"),
        ("127.0.0.9", ["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        ("127.0.0.9", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("127.0.0.9", ["2001:db8::1"], "2001:db8::1"),
        ("2001:db8:f::1", ["203.0.113.7"], "203.0.113.7"),
        // Nobody else is believed.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        // What no proxy writes ends the list.
        ("127.0.0.9", [], "127.0.0.9"),
        ("127.0.0.9", ["203.0.113.7, unknown"], "127.0.0.9"),
        ("127.0.0.9", ["203.0.113.7, "], "127.0.0.9"),
        ("127.0.0.9", ["203.0.113.7, fe80::1%eth0"], "127.0.0.9"),
        ("127.0.0.9", ["203.0.113.7, 203.0.113.8:443"], "127.0.0.9"),
        ("127.0.0.9", ["203.0.113.7\u{0}"], "127.0.0.9"),
        ("127.0.0.9", [String(repeating: "1", count: 10_000)], "127.0.0.9"),
        ("127.0.0.9", [String(repeating: "10.0.0.1,", count: 5_000) + "203.0.113.7"], "203.0.113.7"),
    ])
    func r046_theClientIsTheRightMostAddressThatIsNoProxy(peer: String, fields: [String], client: String) throws {
        let proxies = try TrustedProxies(["127.0.0.9", "10.0.0.0/8", "2001:db8:f::/48"])
        #expect(proxies.client(of: IPAddress(peer), forwardedFor: fields)?.description == client)
    }

    @Test(arguments: [
        "", "proxy.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "::1/129", "*", "10.0.0.1:80", "fe80::1%eth0",
    ])
    func whatIsNoAddressOrNetworkIsRefused(text: String) {
        #expect(throws: GatewayConfigurationError.notAProxy(text)) { try TrustedProxies([text]) }
    }

    @Test func aNetworkOfNoBitsIsEverybody() throws {
        let proxies = try TrustedProxies(["0.0.0.0/0"])
        #expect(proxies.client(of: IPAddress("192.0.2.1"), forwardedFor: ["203.0.113.7, 198.51.100.1"])?.description == "203.0.113.7")
        #expect(IPAddress("2001:db8:1:2:3:4:5:6")?.subscriber.description == "2001:db8:1:2::")
        #expect(IPAddress("192.0.2.1")?.subscriber.description == "192.0.2.1")
    }
}
