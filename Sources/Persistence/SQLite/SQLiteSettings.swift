import GRDB

/// What an open connection says about its own safety.
public struct SQLiteSettings: Sendable, Hashable {
    /// `wal`.
    public let journalMode: String
    /// 2 is `FULL`: a commit returns after its fsync. https://www.sqlite.org/pragma.html#pragma_synchronous
    public let synchronous: Int
    public let foreignKeys: Bool
    /// In milliseconds.
    public let busyTimeout: Int

    /// Sets `synchronous=FULL`, which GRDB's pool lowers to `NORMAL` as it opens, reads everything back, and throws if anything is not as it must be.
    static func makeDurable(_ connection: GRDB.Database) throws -> SQLiteSettings {
        try connection.execute(sql: KeptRule.sync.isKept ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
        // What a burst of writes left in the log is given back to the disk.
        try connection.execute(sql: "PRAGMA journal_size_limit = 67108864")
        let settings = SQLiteSettings(
            journalMode: try String.fetchOne(connection, sql: "PRAGMA journal_mode") ?? "",
            synchronous: try Int.fetchOne(connection, sql: "PRAGMA synchronous") ?? 0,
            foreignKeys: try Bool.fetchOne(connection, sql: "PRAGMA foreign_keys") ?? false,
            busyTimeout: try Int.fetchOne(connection, sql: "PRAGMA busy_timeout") ?? 0
        )
        try settings.verify()
        return settings
    }

    func verify() throws {
        guard journalMode == "wal" else { throw StoreError.unsafeSetting(name: "journal_mode", found: journalMode) }
        guard synchronous == 2 || !KeptRule.sync.isKept else { throw StoreError.unsafeSetting(name: "synchronous", found: String(synchronous)) }
        guard foreignKeys else { throw StoreError.unsafeSetting(name: "foreign_keys", found: "off") }
    }
}
