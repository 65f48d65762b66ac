import FoundationEssentials
import Glibc

/// What the kernel says of this process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
struct ProcessFigures: Sendable, Hashable {
    var residentBytes: Double
    var cpuSeconds: Double
    /// Since 1970, in seconds.
    var startedAt: Double
    var openFiles: Int
    var mostFiles: Double

    /// Nil where there is no `/proc`.
    static var current: ProcessFigures? {
        guard let stat = text(of: "/proc/self/stat"), let fields = fields(of: stat), let boot = text(of: "/proc/stat").flatMap(bootTime) else {
            return nil
        }
        let ticks = max(1, Double(sysconf(Int32(_SC_CLK_TCK))))
        var limit = rlimit()
        let mostFiles = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Double(limit.rlim_cur) : 0
        return ProcessFigures(
            residentBytes: fields.residentPages * Double(sysconf(Int32(_SC_PAGESIZE))),
            cpuSeconds: fields.cpuTicks / ticks,
            startedAt: boot + fields.startTicks / ticks,
            openFiles: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0,
            mostFiles: mostFiles
        )
    }

    /// The name in brackets may hold anything, so what counts begins behind the last one.
    static func fields(of stat: String) -> (cpuTicks: Double, startTicks: Double, residentPages: Double)? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let start = Double(fields[19]),
            let pages = Double(fields[21])
        else { return nil }
        return (user + system, start, pages)
    }

    private static func bootTime(_ stat: String) -> Double? {
        stat.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }

    private static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
