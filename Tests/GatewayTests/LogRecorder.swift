import Logging
import Synchronization

/// Keeps what was logged, fields and all, as one text.
final class LogRecorder: Sendable {
    private struct Line {
        let message: String
        let fields: [String: String]
    }

    private let lines = Mutex<[Line]>([])

    var text: String {
        lines.withLock { lines in
            lines.map { line in ([line.message] + line.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(separator: " ") }
        }.joined(separator: "\n")
    }

    /// The fields of the lines with this message.
    func lines(of message: String) -> [[String: String]] {
        lines.withLock { $0.filter { $0.message == message }.map(\.fields) }
    }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(recorder: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.mapValues { "\($0)" }
            recorder.lines.withLock { $0.append(Line(message: event.message.description, fields: fields)) }
        }
    }
}
