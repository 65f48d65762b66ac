import Dispatch

extension DatabaseAddress {
    /// Copies the database, also while others write to it, to a file that was not there: one moment of it, which is looked through before it gets
    /// its name. For SQLite the file is a database; for PostgreSQL it is an archive of `pg_dump` for `pg_restore`.
    ///
    /// Throws `BackupError`, and `StoreError` when the database cannot be read.
    public func backUp(to path: String) async throws {
        switch self {
        case .sqlite(let source):
            try await DispatchQueue.global().perform {
                try SQLiteFile.requirePresence(of: source)
                let file = try BackupFile(path: path)
                defer { file.discard() }
                try SQLiteCopy(of: source).write(to: file)
                try file.publish()
            }
        case .postgres(let address):
            let file = try BackupFile(path: path)
            defer { file.discard() }
            try await PostgresDump(of: address).write(to: file)
            try await DispatchQueue.global().perform { try file.publish() }
        }
    }
}
