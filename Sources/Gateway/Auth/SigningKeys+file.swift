import Glibc

extension SigningKeys {
    /// Reads the keys from a file of the operator's; line ends after them do not count.
    public init(file path: String) throws(SigningKeyError) {
        try self.init(text: Self.text(of: path).contents)
    }

    /// The key kept in a file that only this account can read; made when it is first asked for. For a server that only this machine reaches.
    ///
    /// Two processes that start at once get the same key.
    public static func kept(inFile path: String) throws(SigningKeyError) -> SigningKeys {
        if access(path, F_OK) != 0 { try make(path) }
        let (contents, mode) = try text(of: path)
        guard mode & 0o077 == 0 else { throw .openFile(path: path) }
        return try SigningKeys(text: contents)
    }

    /// Writes a new key beside `path` and links it there, so that nobody ever reads half of one.
    private static func make(_ path: String) throws(SigningKeyError) {
        guard Sodium.isReady else { throw .noRandomNumbers }
        let draft = "\(path).\(getpid()).\(Base64URL.encode(Sodium.randomBytes(6)))"
        defer { unlink(draft) }
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault(path) }
        let key = Array((Base64URL.encode(Sodium.randomBytes(32)) + "\n").utf8)
        let isWritten = write(file, key, key.count) == key.count && fsync(file) == 0
        guard close(file) == 0, isWritten else { throw fault(path) }
        guard link(draft, path) == 0 || errno == EEXIST else { throw fault(path) }
    }

    private static func text(of path: String) throws(SigningKeyError) -> (contents: String, mode: mode_t) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw fault(path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw fault(path) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw fault(path) }
        var text = bytes.prefix(count)
        while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { text.removeLast() }
        return (String(decoding: text, as: UTF8.self), status.st_mode)
    }

    private static func fault(_ path: String) -> SigningKeyError {
        .unreadableFile(path: path, reason: String(cString: strerror(errno)))
    }
}
