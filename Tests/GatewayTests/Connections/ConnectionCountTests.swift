import Testing

@testable import Gateway

@Suite struct ConnectionCountTests {
    @Test func r067_oneAddressHasOnlySoManyConnections() throws {
        let count = ConnectionCount(ConnectionLimits(total: 100, perAddress: 2), proxies: try TrustedProxies())
        let (stranger, other) = (IPAddress("192.0.2.1"), IPAddress("192.0.2.2"))
        #expect(count.admit(stranger))
        #expect(count.admit(stranger))
        #expect(!count.admit(stranger))
        #expect(count.admit(other))
        count.leave(stranger)
        count.leave(stranger)
        #expect(count.admit(stranger))
    }

    @Test func r067_thereAreOnlySoManyConnectionsInAll() throws {
        let count = ConnectionCount(ConnectionLimits(total: 2, perAddress: 2), proxies: try TrustedProxies())
        #expect(count.admit(IPAddress("192.0.2.1")))
        #expect(count.admit(IPAddress("192.0.2.2")))
        #expect(!count.admit(IPAddress("192.0.2.3")))
        #expect(!count.admit(nil))
        for _ in 0..<2 { count.leave(nil) }
        count.leave(IPAddress("192.0.2.1"))
        #expect(count.admit(IPAddress("192.0.2.3")))
    }

    @Test func r067_theAddressesOfOneIPv6SubscriberCountTogether() throws {
        let count = ConnectionCount(ConnectionLimits(total: 100, perAddress: 1), proxies: try TrustedProxies())
        #expect(count.admit(IPAddress("2001:db8::1")))
        #expect(!count.admit(IPAddress("2001:db8::2")))
        #expect(count.admit(IPAddress("2001:db8:0:1::1")))
    }

    @Test func aProxyAndThisMachineBringManyClients() throws {
        let count = ConnectionCount(ConnectionLimits(total: 100, perAddress: 1), proxies: try TrustedProxies(["10.0.0.0/8"]))
        for address in ["127.0.0.1", "::1", "10.1.2.3"] {
            #expect(count.admit(IPAddress(address)))
            #expect(count.admit(IPAddress(address)))
        }
    }
}
