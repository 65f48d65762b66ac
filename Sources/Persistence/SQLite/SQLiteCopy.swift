import GRDB

/// One moment of an SQLite file as a file of its own. Who writes meanwhile is not kept waiting.
struct SQLiteCopy {
    private let source: String

    init(of source: String) {
        self.source = source
    }

    /// Throws `BackupError.damaged` when the copy is not whole.
    func write(to file: BackupFile) throws {
        do {
            let database = try DatabaseQueue(path: source, configuration: SQLiteCheck.configuration)
            // https://www.sqlite.org/lang_vacuum.html#vacuuminto: in one transaction that reads, and without what was deleted.
            try database.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [file.draft]) }
            try database.close()
        } catch let error as DatabaseError {
            throw Self.fault(error, source, file)
        }
        if let reason = try SQLiteCheck(path: file.draft).fault() { throw BackupError.damaged(reason: reason) }
    }

    private static func fault(_ error: DatabaseError, _ source: String, _ file: BackupFile) -> any Error {
        switch StoreError(error, path: source) {
        case .diskFull: BackupError.cannotWrite(path: file.path, reason: "the disk is full")
        case .corrupt(let reason): BackupError.damaged(reason: reason)
        case let other: other
        }
    }
}
