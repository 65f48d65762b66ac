import GRDB

extension StoreError {
    /// The message never holds the values of a statement.
    init(_ error: DatabaseError, path: String? = nil) {
        let reason = error.message ?? "code \(error.extendedResultCode.rawValue)"
        self =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
            case .SQLITE_FULL: .diskFull
            case .SQLITE_NOTADB: .notADatabase(path: path ?? "The file")
            case .SQLITE_CANTOPEN, .SQLITE_PERM: .cannotOpen(path: path ?? "file", reason: reason)
            case .SQLITE_READONLY: .readOnly
            case .SQLITE_CORRUPT: .corrupt(reason)
            case .SQLITE_IOERR: .inputOutput(reason)
            case .SQLITE_CONSTRAINT: .constraint(reason)
            case .SQLITE_MISUSE where reason.contains("closed"): .closed
            default: .failed(reason)
            }
    }

    /// An error of GRDB in our words; any other as it is.
    static func translating(_ error: any Error) -> any Error {
        (error as? DatabaseError).map { StoreError($0) } ?? error
    }
}
