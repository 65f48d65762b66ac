/// Which transfers share which connection. Confined to the curl thread.
struct ConnectionTable {
    /// The two ends of a connection.
    struct Key: Hashable {
        var local: String
        var localPort: Int32
        var peer: String
        var peerPort: Int32
    }

    private var members: [Key: Set<UInt64>] = [:]

    mutating func join(_ id: UInt64, on key: Key) {
        members[key, default: []].insert(id)
    }

    /// Another transfer on the connection, if there is one.
    mutating func leave(_ id: UInt64, on key: Key) -> UInt64? {
        members[key]?.remove(id)
        let other = members[key]?.first
        if other == nil { members[key] = nil }
        return other
    }
}
