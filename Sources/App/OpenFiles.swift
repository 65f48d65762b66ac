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
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(.openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(.openFiles, &limit)
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
