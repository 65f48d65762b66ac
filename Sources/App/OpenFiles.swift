#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Each connection is an open file, and the usual soft limit is far below what one server can hold.
enum OpenFiles {
    /// Raises the soft limit to the hard one; a system that refuses keeps what it had.
    /// - Returns: How many of the files may be connections of clients: the database, the model's connections and the log need some too.
    static func forConnections() -> Int {
        var limit = rlimit()
        guard getrlimit(.openFiles, &limit) == 0 else { return 1 << 20 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = raised.rlim_max
            if setrlimit(.openFiles, &raised) == 0 { limit = raised }
        }
        return max(1, Int(clamping: limit.rlim_cur / 4 * 3))
    }
}

#if canImport(Glibc)
    extension __rlimit_resource_t {
        fileprivate static var openFiles: Self { Self(RLIMIT_NOFILE.rawValue) }
    }
#else
    extension Int32 {
        fileprivate static var openFiles: Int32 { RLIMIT_NOFILE }
    }
#endif
