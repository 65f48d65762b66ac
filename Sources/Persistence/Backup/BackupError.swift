/// Why there is no backup: nothing was written under its name.
public enum BackupError: Error, Sendable, Hashable {
    case alreadyThere(path: String)
    case cannotWrite(path: String, reason: String)
    case noDatabase(path: String)
    case toolMissing(name: String, package: String)
    /// The message is the tool's own, without the password.
    case toolFailed(name: String, message: String)
    /// The copy is not whole, and so neither is the database.
    case damaged(reason: String)
}

extension BackupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .alreadyThere(let path): "\(path) is there already. A backup overwrites nothing: name a file that is not there yet."
        case .cannotWrite(let path, let reason): "The backup \(path) cannot be written: \(reason)."
        case .noDatabase(let path): "There is no database \(path)."
        case .toolMissing(let name, let package): "\(name) is needed to copy a PostgreSQL database; install it (Debian: \(package))."
        case .toolFailed(let name, let message): "\(name) failed: \(message)"
        case .damaged(let reason): "The copy is damaged, and so is the database: \(reason). Nothing was kept of the copy; look for an older backup."
        }
    }
}
