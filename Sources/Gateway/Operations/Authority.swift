/// A host and perhaps a port, as in `Host`: https://www.rfc-editor.org/rfc/rfc3986#section-3.2
struct Authority: Sendable, Hashable {
    /// In lower case; an IPv6 address in its brackets.
    let host: String
    let port: Int?

    /// Nil for user names, other characters than hosts have, and ports outside 1...65535.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 300 else { return nil }
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")), bracket > 1 else { return nil }
            end = bracket + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        }
        let name = bytes[..<end]
        guard !name.isEmpty, name.allSatisfy({ Self.isAllowed($0, inBrackets: name.first == UInt8(ascii: "[")) }) else { return nil }
        host = String(decoding: name, as: UTF8.self).lowercased()
        guard end < bytes.count else {
            port = nil
            return
        }
        guard bytes[end] == UInt8(ascii: ":"), let port = Self.port(bytes[(end + 1)...]) else { return nil }
        self.port = port
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { return nil }
        return port
    }

    private static func isAllowed(_ byte: UInt8, inBrackets: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"): inBrackets
        default: false
        }
    }
}
