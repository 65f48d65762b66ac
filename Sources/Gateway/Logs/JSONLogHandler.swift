public import Logging
import Persistence

/// Writes one JSON object a line, so that no text from outside can begin a line of its own.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level = .info
    public var metadata: Logger.Metadata = [:]
    private let label: String
    private let clock: WallClock
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: Is given whole lines.
    public init(label: String, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.init(label: label, clock: .system, write: write)
    }

    init(label: String, clock: WallClock, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.label = label
        self.clock = clock
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = LogLine(metadata.merging(event.metadata ?? [:]) { $1 })
        if let error = event.error { line["error"] = String(describing: error) }
        line["time"] = clock.now.description
        line["level"] = event.level.rawValue
        line["logger"] = label
        line["message"] = event.message.description
        write(line.bytes)
    }
}
