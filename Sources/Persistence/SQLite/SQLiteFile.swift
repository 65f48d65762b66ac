import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file of a database before SQLite opens it.
enum SQLiteFile {
    /// False when there is no database yet. Throws `StoreError.corrupt` when one is gone whose log was left.
    static func isThere(_ path: String) throws -> Bool {
        guard (size(of: path) ?? 0) == 0 else { return true }
        // SQLite would take the empty file for a new database and delete the log: https://www.sqlite.org/wal.html
        guard (size(of: path + "-wal") ?? 0) == 0 else {
            throw StoreError.corrupt("\(path) is empty or missing, but \(path)-wal, which belongs to it, is not")
        }
        return false
    }

    static func requirePresence(of path: String) throws {
        guard try isThere(path) else { throw BackupError.noDatabase(path: path) }
    }

    private static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes the folder and an empty file, both for their owner alone; SQLite gives the mode of the file to the log beside it.
    static func prepare(_ path: String) throws {
        _ = try isThere(path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError.cannotOpen(path: path, reason: "its folder \(folder) cannot be made")
        }
        // A file that is there is not opened: closing it would free the locks that connections of this process hold on it, and another process
        // would take the log from under them. https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) } else { try requireAccess(to: path, after: errno) }
    }

    private static func requireAccess(to path: String, after code: Int32) throws {
        guard code == EEXIST else { throw StoreError.cannotOpen(path: path, reason: reason(of: code)) }
        guard access(path, R_OK | W_OK) == 0 else { throw StoreError.cannotOpen(path: path, reason: reason(of: errno)) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError.cannotOpen(path: path, reason: "it is not a file")
        }
    }

    private static func reason(of code: Int32) -> String {
        switch code {
        case EACCES, EPERM, EROFS: "permission is missing"
        case ENOENT, ENOTDIR: "its folder is missing"
        case ENOSPC, EDQUOT: "the disk is full"
        case EMFILE, ENFILE: "too many files are open"
        default: "the system says \(code)"
        }
    }
}
