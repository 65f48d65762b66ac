import CMalloc
import Foundation

/// A thread that finds the heap in use is given another one by glibc, up to eight a core; what each once needed it keeps.
enum Heaps {
    /// Lets there be as many as cores, so that the memory of a busy server does not creep up: https://man7.org/linux/man-pages/man3/mallopt.3.html
    static func limit() {
        #if canImport(Glibc)
            _ = mallopt(M_ARENA_MAX, Int32(clamping: max(2, ProcessInfo.processInfo.activeProcessorCount)))
        #endif
    }
}
