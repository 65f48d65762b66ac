/// Where a database is, as `--database` says it: `sqlite:PATH`, or `postgres://` as `PostgresAddress` has it.
public enum DatabaseAddress: Sendable, Hashable {
    case sqlite(path: String)
    case postgres(PostgresAddress)

    /// Throws `StoreError.unsupportedAddress` for anything else; a database in memory is not one of them, for it would lose what was acknowledged.
    public init(_ text: String) throws {
        if ["postgres:", "postgresql:"].contains(where: text.hasPrefix) {
            self = .postgres(try PostgresAddress(text))
            return
        }
        let scheme = "sqlite:"
        let path = String(text.dropFirst(scheme.count))
        guard text.hasPrefix(scheme), !path.isEmpty, !path.hasPrefix(":"), !path.utf8.contains(0) else {
            // Only the scheme: what follows may hold a password.
            throw StoreError.unsupportedAddress(scheme: String(text.prefix { $0 != ":" }))
        }
        self = .sqlite(path: path)
    }

    /// Whether processes on other machines may use the database at the same time.
    public var isShared: Bool {
        switch self {
        case .sqlite: false
        case .postgres: true
        }
    }

    /// Opens the database, making the folder and file of `sqlite:` when they are missing. Its schema is not looked at: call `migrate()`.
    public func open() async throws -> any Database {
        switch self {
        case .sqlite(let path): try await SQLiteDatabase.open(path: path)
        case .postgres(let address): try await PostgresDatabase.open(address)
        }
    }
}

extension DatabaseAddress: CustomStringConvertible {
    /// Without a password.
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let address): "\(address)"
        }
    }
}
