public import AgentRuntime

/// Why the database, or a store over it, could not do what was asked. Inside a run it ends the run: a model cannot repair it.
public enum StoreError: RunEndingError, Sendable, Hashable {
    // The database as a whole.
    case cannotOpen(path: String, reason: String)
    case notADatabase(path: String)
    case unsupportedAddress(scheme: String)
    /// The sentence never holds the address, which may hold a password.
    case malformedAddress(String)
    /// A setting that durability depends on could not be made.
    case unsafeSetting(name: String, found: String)
    case newerSchema(found: Int, known: Int)
    case locked
    case diskFull
    case readOnly
    case corrupt(String)
    case inputOutput(String)
    /// An fsync failed: what the disk holds is not known, so this process writes no more.
    case writesStopped
    /// More writes wait than the queue may hold.
    case overloaded
    /// There is no connection to the server, or it was lost before the commit.
    case unreachable
    /// The server took longer than it may.
    case timedOut
    /// Others wrote the same rows at the same time.
    case conflict
    /// The connection was lost during a commit, and whether it was made could not be found out.
    case outcomeUnknown
    case closed

    // One statement or row.
    case constraint(String)
    case textHoldsNUL
    case missingColumn(String)
    case unexpectedValue(column: String)
    case failed(String)

    // What a store refuses.
    case emailTaken
    /// The user, or another row that this one belongs to, is not there.
    case noSuchOwner
    /// The key of a write has already been used for another operation or other arguments.
    case effectMismatch(key: String)
    /// The run was taken over, has ended, or is gone: whoever writes for it must stop.
    case claimLost(run: String)
}

extension StoreError {
    /// Worth another try in a moment: nothing was written.
    public var isTransient: Bool {
        switch self {
        case .locked, .diskFull, .overloaded, .unreachable, .timedOut, .conflict: true
        default: false
        }
    }

    /// Concerns one statement, or what a row holds: what is asked of other rows may well succeed.
    public var isOfOneRow: Bool {
        switch self {
        case .constraint, .textHoldsNUL, .missingColumn, .unexpectedValue, .failed, .emailTaken, .noSuchOwner, .effectMismatch, .claimLost: true
        default: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "The database \(path) cannot be opened: \(reason)."
        case .notADatabase(let path):
            "\(path) is not an SQLite database, or its beginning is damaged. It was left as it is: name another file, or put a backup in its place."
        case .unsupportedAddress(let scheme): "A database address that begins with \(scheme) is not understood; write sqlite:PATH or postgres://..."
        case .malformedAddress(let sentence): sentence
        case .unsafeSetting(let name, let found): "The database would not be safe to write to: \(name) is \(found)."
        case .newerSchema(let found, let known):
            "The database was made by a newer version of this program (its schema is \(found), this program knows \(known)); update the program."
        case .locked: "Another process holds the database locked."
        case .diskFull: "The disk that holds the database is full."
        case .readOnly: "The database cannot be written to; look at the permissions of its file and folder."
        case .corrupt(let reason):
            "The database is damaged: \(reason). It was left as it is: put a backup in its place, or save what is readable with sqlite3's .recover."
        case .inputOutput(let reason): "The disk failed: \(reason)."
        case .writesStopped: "The disk failed to store a write, so no more are accepted; look at the disk and start again."
        case .overloaded: "Too many writes are waiting."
        case .unreachable: "The database cannot be reached; nothing was written."
        case .timedOut: "The database took too long; nothing was written."
        case .conflict: "Others wrote the same at the same time; nothing was written."
        case .outcomeUnknown: "The connection to the database was lost during a commit; it may have been made or not."
        case .closed: "The database is closed."
        case .constraint(let reason): "The database refused a row: \(reason)."
        case .textHoldsNUL: "Text must not hold the character U+0000."
        case .missingColumn(let column): "The answer has no column \(column)."
        case .unexpectedValue(let column): "The column \(column) holds a value of another kind."
        case .failed(let reason): "The database failed: \(reason)."
        case .emailTaken: "This address already has an account."
        case .noSuchOwner: "There is no such account."
        case .effectMismatch(let key): "The key \(key) was already used for something else."
        case .claimLost(let run): "The run \(run) no longer belongs to this process."
        }
    }
}
