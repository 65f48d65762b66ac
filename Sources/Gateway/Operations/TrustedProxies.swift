/// The proxies whose word on a client's address is taken.
public struct TrustedProxies: Sendable {
    /// What is looked at of a list that proxies made, from its end.
    private static let longestList = 32

    private struct Network: Sendable {
        let address: IPAddress
        let length: Int

        func contains(_ other: IPAddress) -> Bool {
            other.bytes.count == address.bytes.count && other.network(length) == address
        }
    }

    private let networks: [Network]

    /// - Parameter texts: Addresses, and networks as `10.0.0.0/8`.
    public init(_ texts: [String] = []) throws(GatewayConfigurationError) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Self.network(text) else { throw .notAProxy(text) }
            networks.append(network)
        }
        self.networks = networks
    }

    func contains(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// The client of a request: the last address, from the connection's other end backwards through `X-Forwarded-For`, that is not one of these
    /// proxies. What stands before it was written by the client or is hearsay.
    func client(of peer: IPAddress?, forwardedFor fields: [String]) -> IPAddress? {
        guard var client = peer, contains(client) else { return peer }
        let entries = fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        for entry in entries.suffix(Self.longestList).reversed() {
            // What a trusted proxy cannot have written ends the list.
            guard let address = IPAddress(String(entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" })) else { return client }
            client = address
            guard contains(client) else { return client }
        }
        return client
    }

    private static func network(_ text: String) -> Network? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        let bits = address.bytes.count * 8
        guard parts.count == 2 else { return Network(address: address, length: bits) }
        guard let length = Int(parts[1]), (0...bits).contains(length), String(length) == parts[1] else { return nil }
        return Network(address: address.network(length), length: length)
    }
}
