/// The names of this machine to itself.
enum LoopbackHost {
    /// Under which a server that listens on loopback is reached.
    static let names = ["127.0.0.1", "[::1]", "localhost"]

    /// Also any other address of 127.0.0.0/8, and an IPv6 address without its brackets.
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if names.contains(host) || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
