/// Cuts bytes into lines, however they arrive.
struct LineSplitter: Sendable {
    /// A line without its end; cut when it was longer than the limit.
    struct Line: Sendable, Equatable {
        var bytes: [UInt8] = []
        var isCut = false
    }

    private let limit: Int
    private var line = Line()

    init(limit: Int) {
        self.limit = limit
    }

    /// The lines that these bytes complete, without empty ones.
    mutating func receive(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<end])
            if line.bytes.last == UInt8(ascii: "\r") { line.bytes.removeLast() }
            if !line.bytes.isEmpty { lines.append(line) }
            line = Line()
            rest = rest[(end + 1)...]
        }
        append(rest)
        return lines
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let room = limit - line.bytes.count
        if bytes.count > room { line.isCut = true }
        line.bytes += bytes.prefix(room)
    }
}
