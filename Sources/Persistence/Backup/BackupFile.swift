import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file, for its owner alone, that appears whole under its name or not at all, and never in the place of another.
struct BackupFile: Sendable {
    let path: String
    /// Where it is written until it is whole.
    let draft: String

    /// Makes the draft, which is empty. Throws `BackupError`.
    init(path: String, identifiers: IdentifierGenerator = IdentifierGenerator()) throws {
        self.path = path
        draft = "\(path).\(identifiers.next()).part"
        guard access(path, F_OK) != 0 else { throw BackupError.alreadyThere(path: path) }
        let file = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault() }
        close(file)
    }

    /// Puts the draft on the disk and gives it its name.
    func publish() throws {
        try sync(draft)
        // Unlike a renaming, a link never takes the place of what is there.
        guard link(draft, path) == 0 else { throw errno == EEXIST ? BackupError.alreadyThere(path: path) : fault() }
        unlink(draft)
        try sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Takes away what is not whole; nothing after `publish`.
    func discard() {
        for ending in ["", "-journal", "-wal", "-shm"] { unlink(draft + ending) }
    }

    private func sync(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw fault() }
        defer { close(file) }
        guard fsync(file) == 0 else { throw fault() }
    }

    private func fault() -> BackupError {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}
