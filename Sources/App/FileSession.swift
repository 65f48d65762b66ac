import AgentRuntime
import FoundationEssentials

/// A conversation kept in a file, one JSON item a line; a missing file is an empty conversation.
///
/// A run that waits for a person is the last line: an object of the type `pending_run` with the run's whole log.
actor FileSession: Session {
    private let path: String

    init(path: String) {
        self.path = path
    }

    /// A run that goes on once a person has decided.
    struct PendingRun: Codable {
        var run: String
        /// The prompt file that the run began with.
        var agent: String
        var records: [RunRecord]
    }

    private static let pendingType = JSONValue.string("pending_run")

    func items() throws -> [Item] {
        try lines().filter { $0["type"] != FileSession.pendingType }.map { Item($0) }
    }

    func pendingRun() throws -> PendingRun? {
        guard let json = try lines().last, json["type"] == FileSession.pendingType else { return nil }
        guard let run = try? json["run"]?.decode(as: PendingRun.self) else {
            throw SettingMistake("The session file \(path) holds a run that cannot be read; was it written by another version?")
        }
        return run
    }

    /// The pending run, if there is one, stays the last line.
    func append(_ items: [Item]) throws {
        var lines = try lines()
        let hasRun = lines.last?["type"] == FileSession.pendingType
        lines.insert(contentsOf: items.map(\.json), at: hasRun ? lines.count - 1 : lines.count)
        try write(lines)
    }

    func pop() throws -> Item? {
        var lines = try lines()
        guard let place = lines.lastIndex(where: { $0["type"] != FileSession.pendingType }) else { return nil }
        let item = Item(lines.remove(at: place))
        try write(lines)
        return item
    }

    /// A pending run goes too: it belongs to the conversation.
    func clear() throws {
        try write([])
    }

    func replaceOldest(_ count: Int, with items: [Item]) throws {
        let lines = try lines()
        let run = lines.filter { $0["type"] == FileSession.pendingType }
        let kept = lines.filter { $0["type"] != FileSession.pendingType }.dropFirst(count)
        try write(items.map(\.json) + kept + run)
    }

    /// Keeps a run that waits for a person, or with nil lets go of the one kept.
    func keep(_ run: PendingRun?) throws {
        var lines = try lines()
        let had = lines.last?["type"] == FileSession.pendingType
        if had { lines.removeLast() }
        guard let run else { return had ? try write(lines) : () }
        try write(lines + [["type": FileSession.pendingType, "run": JSONValue(encoding: run)]])
    }

    private func lines() throws -> [JSONValue] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        guard let data = FileManager.default.contents(atPath: path) else { throw SettingMistake("The session file \(path) cannot be read.") }
        return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
            guard let json = try? JSONValue(json: line), json.object != nil else {
                throw SettingMistake("Line \(number + 1) of the session file \(path) is not an item; was it written by another program?")
            }
            return json
        }
    }

    /// The file is replaced as a whole, so that it never holds half an item.
    private func write(_ lines: [JSONValue]) throws {
        let data = lines.reduce(into: Data()) { $0 += $1.data + [UInt8(ascii: "\n")] }
        do {
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw SettingMistake("The session file \(path) cannot be written.")
        }
    }
}
