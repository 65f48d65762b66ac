import Dispatch
import GRDB

/// Looks through an SQLite file, and writes nothing.
struct SQLiteCheck {
    /// A connection that cannot write to the database.
    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "persistence-check"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return configuration
    }

    let path: String

    /// What is wrong, found by looking at everything; nil for a whole file.
    func fault() throws -> String? {
        try rows(of: "PRAGMA integrity_check(3)") ?? rows(of: "PRAGMA foreign_key_check")
    }

    /// What is wrong, found by looking at every page within a time; `isPartial` when that was not enough to see them all.
    ///
    /// https://www.sqlite.org/pragma.html#pragma_quick_check
    func quickFault(within time: Duration) throws -> (fault: String?, isPartial: Bool) {
        do {
            return (try rows(of: "PRAGMA quick_check(3)", within: time), false)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            return (nil, true)
        }
    }

    /// The rows of an answer that are not `ok`, in one line.
    private func rows(of pragma: String, within time: Duration? = nil) throws -> String? {
        do {
            let database = try DatabaseQueue(path: path, configuration: Self.configuration)
            // The alarm may keep the connection for a while.
            defer { try? database.close() }
            let alarm = time.map { Self.alarm(after: $0) { database.interrupt() } }
            defer { alarm?.cancel() }
            let rows = try database.inDatabase { try GRDB.Row.fetchAll($0, sql: pragma) }
            let lines = rows.map { row in row.map { String(describing: $0.1.storage.value ?? "") }.joined(separator: " ") }.filter { $0 != "ok" }
            return lines.isEmpty ? nil : lines.prefix(3).joined(separator: "; ").split(whereSeparator: \.isNewline).joined(separator: "; ")
        } catch let error as DatabaseError {
            guard [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) else { throw error }
            return error.message ?? "it cannot be read"
        }
    }

    /// Again and again, since the first may come before the work has begun.
    private static func alarm(after time: Duration, _ ring: @escaping @Sendable () -> Void) -> any DispatchSourceTimer {
        // A queue of its own gets a thread also while all those of the shared ones are busy.
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "persistence-check-alarm", qos: .userInteractive))
        timer.schedule(deadline: .now() + .milliseconds(Int(clamping: max(0, time.inMilliseconds))), repeating: .milliseconds(20))
        timer.setEventHandler(handler: ring)
        timer.resume()
        return timer
    }
}
