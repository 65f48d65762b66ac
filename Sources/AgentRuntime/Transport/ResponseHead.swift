/// Reads the header lines of a response as libcurl reports them, each with its line end.
struct ResponseHead {
    private(set) var status = 0
    private(set) var headers = TransportHeaders()
    private(set) var isComplete = false

    mutating func receive(_ line: UnsafeBufferPointer<UInt8>) {
        var rest = line[...]
        while let last = rest.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { rest = rest.dropLast() }
        if rest.isEmpty {
            isComplete = status >= 200
        } else if rest.starts(with: "HTTP/".utf8) {
            status = Self.status(rest)
            headers = TransportHeaders()
        } else if let first = rest.first, Self.isBlank(first) {
            headers.appendFold(Self.trimmed(rest))
        } else if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(Self.trimmed(rest[(colon + 1)...]), for: String(decoding: rest[..<colon], as: UTF8.self))
        }
    }

    private static func status(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
        return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
}
