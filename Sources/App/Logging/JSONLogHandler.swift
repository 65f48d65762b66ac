import AgentRuntime
import Foundation
import Logging
import Persistence

/// Writes one JSON object a line to standard error, so that no text from outside can begin a line of its own.
struct JSONLogHandler: LogHandler {
    private static let longestLine = 16_384

    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var members: [String: JSONValue] = [:]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new }) { members[key] = JSONValue(value) }
        if let error = event.error { members["error"] = .string(String(describing: error)) }
        members["time"] = .string(WallClock.system.now.description)
        members["level"] = .string(event.level.rawValue)
        members["logger"] = .string(label)
        members["message"] = .string(event.message.description)
        var line = JSONValue.object(members).data
        if line.count > JSONLogHandler.longestLine {
            line =
                JSONValue.object(
                    members.filter { ["time", "level", "logger"].contains($0.key) }.merging(["message": "a longer line was left out"]) { $1 }
                ).data
        }
        try? FileHandle.standardError.write(contentsOf: line + [UInt8(ascii: "\n")])
    }
}

extension JSONValue {
    fileprivate init(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let text): self = .string(text.description)
        case .array(let values): self = .array(values.map(JSONValue.init))
        case .dictionary(let values): self = .object(values.mapValues(JSONValue.init))
        }
    }
}
