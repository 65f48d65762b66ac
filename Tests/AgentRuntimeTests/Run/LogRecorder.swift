import Logging
import Synchronization

/// Everything that a logger was told, with its level and its metadata, whatever the level.
final class LogRecorder: Sendable {
    private let kept = Mutex<[String]>([])

    var entries: [String] { kept.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata = Logger.Metadata()
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            let parts = ["\(event.level)", "\(event.message)"] + metadata.map { "\($0.key)=\($0.value)" }
            recorder.kept.withLock { $0.append(parts.joined(separator: " ")) }
        }
    }
}
