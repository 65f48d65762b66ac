import AgentRuntime
import FoundationEssentials

/// A conversation kept in a file, one JSON item a line; a missing file is an empty conversation.
actor FileSession: Session {
    private let path: String

    init(path: String) {
        self.path = path
    }

    func items() throws -> [Item] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        guard let data = FileManager.default.contents(atPath: path) else { throw SettingMistake("The session file \(path) cannot be read.") }
        return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
            guard let json = try? JSONValue(json: line), json.object != nil else {
                throw SettingMistake("Line \(number + 1) of the session file \(path) is not an item; was it written by another program?")
            }
            return Item(json)
        }
    }

    /// The file is replaced as a whole, so that it never holds half an item.
    func append(_ items: [Item]) throws {
        var data = FileManager.default.contents(atPath: path) ?? Data()
        for item in items { data += item.json.data + [UInt8(ascii: "\n")] }
        do {
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw SettingMistake("The session file \(path) cannot be written.")
        }
    }
}
