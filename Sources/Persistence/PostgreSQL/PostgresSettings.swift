/// What a server says about its own safety.
public struct PostgresSettings: Sendable, Hashable {
    /// The major version times 10,000 and the minor one.
    public let serverVersion: Int
    /// As in the sessions of this program: not `off`, so a commit returns after its fsync.
    /// https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT
    public let synchronousCommit: String
    public let fsync: String
    public let encoding: String

    /// Connects, reads everything, and throws if anything is not as it must be.
    init(of address: PostgresAddress, _ limits: PostgresLimits) throws {
        let connection = try PostgresConnection(to: address, limits: limits, until: .now + limits.connect)
        serverVersion = Int(connection.serverVersion)
        let row = try connection.perform(
            """
            SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
            current_setting('server_encoding') AS encoding, current_schema() AS schema
            """
        ).rows.first
        synchronousCommit = try row?.text("synchronous_commit") ?? ""
        fsync = try row?.text("fsync") ?? ""
        encoding = try row?.text("encoding") ?? ""
        // The oldest whose transactions can be asked after.
        guard serverVersion >= 130_000 else {
            throw StoreError.cannotOpen(path: address.description, reason: "PostgreSQL 13 or newer is needed")
        }
        guard try row?.optionalText("schema") != nil else {
            throw StoreError.cannotOpen(path: address.description, reason: "there is no schema \(address.schema ?? "") in it")
        }
        try verify(allowingUnsafeServer: address.allowsUnsafeServer)
    }

    private func verify(allowingUnsafeServer: Bool) throws {
        guard synchronousCommit != "off", !synchronousCommit.isEmpty else {
            throw StoreError.unsafeSetting(name: "synchronous_commit", found: synchronousCommit)
        }
        guard fsync == "on" || allowingUnsafeServer else { throw StoreError.unsafeSetting(name: "fsync", found: fsync) }
        guard encoding == "UTF8" else { throw StoreError.unsafeSetting(name: "server_encoding", found: encoding) }
    }
}
